// The indicator table: level 1 folded or open, keyboard, filters and search. All numbers arrive as text, summed by Python.

const MARKS = {
    ...{ unjudged: "open", agreed: "check", adjusted: "pencil", abstained: "dash", recused: "barred" },
    ...{ unchecked: "clock", merged: "merge", not_assigned: "dash" },
};
const FILTERS = [
    ["all", "全部"],
    ["unjudged", "尚未评定"],
    ["far", "与计算相差较大"],
    ["weak_evidence", "佐证不足"],
];

function drawTable(channel, el) {
    const state = { filter: "all", search: "", folded: new Set(), here: channel.content.selected, pending: null };
    const filters = h("div", { class: "wb-filters", role: "group", "aria-label": "筛选" });
    const search = h("input", {
        ...{ type: "search", class: "wb-search", placeholder: "查找指标( / )", "aria-label": "查找指标" },
        ...{ "data-testid": "search", oninput: () => seek(search.value), onkeydown: leaveSearch },
    });
    const count = h("span", { class: "wb-count", role: "status", "data-testid": "count" });
    const head = h("tr", { role: "row" });
    const body = h("tbody", { role: "rowgroup" });
    const table = h(
        "table",
        { class: "wb-table", role: "treegrid", "aria-label": "指标评审表", "data-testid": "table", onkeydown: onKey },
        h("thead", { role: "rowgroup" }, head),
        body,
    );
    const scroller = h("div", { class: "wb-scroller" }, table);
    el.classList.add("wb-table-part");
    el.append(h("div", { class: "wb-toolbar" }, filters, search, count), scroller);
    const lines = new Map(); // code or "=level" → its row

    const cell = (text, name, kind = "") => h("td", { role: "gridcell", class: `wb-${name} ${kind}` }, text);
    const number = (text, name) => cell(text ?? h("span", { class: "wb-none" }, "—"), name, "wb-number");
    const hidden = (short) =>
        h(
            "span",
            { class: "wb-hidden", title: channel.content.hidden },
            short ? ["—", h("span", { class: "wb-aside" }, channel.content.hidden)] : channel.content.hidden,
        );

    function mark(name, word, kind, short = word) {
        return h(
            "span",
            { class: `wb-mark wb-${kind}`, title: word },
            icon(name),
            h("span", { class: "wb-word" }, short),
        );
    }

    function line(code) {
        const row = channel.content.rows[code];
        const flags = row.flags.map(([key, word, short]) => mark(FLAG_MARKS[key], word, `flag-${key}`, short));
        const tr = h(
            "tr",
            {
                ...{ role: "row", class: `wb-line wb-is-${row.status}`, "aria-level": "2", tabindex: "-1" },
                ...{ "data-testid": `row-${code}`, "data-code": code, onclick: () => choose(code, true) },
                ondblclick: () => judge({ code }),
            },
            cell([h("span", { class: "wb-code" }, code), said(row.name)], "name"),
            number(row.weight, "weight"),
            cell(row.computed_hidden ? hidden(false) : said(row.value), "value"),
            cell(said(row.evidence), "evidence"),
            row.computed_hidden ? cell(hidden(false), "computed", "wb-number") : number(row.computed, "computed"),
            number(row.mine, "mine"),
            row.panel_hidden ? cell(hidden(true), "panel", "wb-number") : number(row.panel, "panel"),
            cell(mark(MARKS[row.status], row.status_word, `status-${row.status}`), "status"),
            cell(flags, "flags"),
        );
        return tr;
    }

    function group(level) {
        const sums = channel.content.levels[level];
        const folded = state.folded.has(level);
        const toggle = () => fold(level, !state.folded.has(level));
        return h(
            "tr",
            {
                ...{
                    role: "row",
                    class: "wb-group",
                    "aria-level": "1",
                    "aria-expanded": String(!folded),
                    tabindex: "-1",
                },
                ...{ "data-testid": `level-${level}`, "data-level": level, onclick: toggle },
            },
            cell([icon(folded ? "right" : "down"), said(level), h("span", { class: "wb-done" }, sums.done)], "name"),
            number(sums.weight, "weight"),
            cell("", "value"),
            cell("", "evidence"),
            number(sums.computed, "computed"),
            number(sums.mine, "mine"),
            number(sums.panel, "panel"),
            cell("", "status"),
            cell("", "flags"),
        );
    }

    function build() {
        lines.clear();
        const rows = [];
        let level1 = null;
        let level2 = null;
        for (const code of channel.content.order) {
            const row = channel.content.rows[code];
            if (row.level1 !== level1) {
                [level1, level2] = [row.level1, null];
                lines.set(`=${level1}`, group(level1));
                rows.push(lines.get(`=${level1}`));
            }
            if (row.level2 && row.level2 !== level2) {
                level2 = row.level2;
                const title = h("td", { colspan: "9", role: "gridcell" }, said(level2));
                const key = `=${level1}/${level2}`;
                lines.set(
                    key,
                    h("tr", { class: "wb-sub", role: "row", "data-level": level1, "data-level2": level2 }, title),
                );
                rows.push(lines.get(key));
            }
            lines.set(code, line(code));
            rows.push(lines.get(code));
        }
        const titles = channel.content.columns.map(([key, word, note]) =>
            h("th", { scope: "col", role: "columnheader", class: `wb-${key}` }, word, note && h("small", {}, note)),
        );
        fill(head, ...titles);
        fill(body, ...rows);
        sift();
    }

    function matches(code) {
        const row = channel.content.rows[code];
        if (state.filter !== "all" && !row.filters.includes(state.filter)) return false;
        const text = `${code} ${row.name} ${row.level1} ${row.level2 ?? ""} ${row.status_word}`.toLowerCase();
        return state.search.split(/\s+/).every((word) => text.includes(word));
    }

    // Shows what passes the filter; a heading stays as long as something is under it.
    function sift() {
        const { order, rows, counts } = channel.content;
        const found = new Set(order.filter(matches));
        const shown = new Set();
        const alive = new Set();
        for (const code of found) {
            alive.add(`=${rows[code].level1}`);
            if (state.folded.has(rows[code].level1)) continue;
            shown.add(code);
            alive.add(`=${rows[code].level1}/${rows[code].level2}`);
        }
        for (const [key, tr] of lines) tr.hidden = key.startsWith("=") ? !alive.has(key) : !shown.has(key);
        count.textContent = found.size === order.length ? `共${order.length}项` : `${found.size}/${order.length}项`;
        fill(
            filters,
            ...FILTERS.map(([key, word]) =>
                h(
                    "button",
                    {
                        ...{ type: "button", class: "wb-filter", "data-testid": `filter-${key}` },
                        ...{ "aria-pressed": String(state.filter === key), onclick: () => filter(key) },
                    },
                    `${word} ${counts[key]}`,
                ),
            ),
        );
        table.setAttribute("aria-rowcount", String(found.size));
        highlight(false);
    }

    const visible = () => [...lines.values()].filter((tr) => !tr.hidden && !tr.classList.contains("wb-sub"));
    const rowOf = (key) => lines.get(key);
    const keyOf = (tr) => tr.dataset.code ?? `=${tr.dataset.level}`;

    function highlight(focus) {
        let target = rowOf(state.here);
        if (!target || target.hidden) target = visible()[0];
        for (const tr of lines.values()) {
            const mine = tr === target;
            if (tr.tabIndex !== -1 || mine) tr.tabIndex = mine ? 0 : -1;
            const selected = tr.dataset.code !== undefined && tr.dataset.code === channel.content.selected;
            if (tr.dataset.code) tr.setAttribute("aria-selected", String(selected));
        }
        if (focus && target) {
            target.focus({ preventScroll: true });
            target.scrollIntoView({ block: "nearest" });
        }
    }

    // Python is told after a short rest, so that a held arrow key asks for one detail, not for thirty.
    function choose(key, now = false) {
        state.here = key;
        if (!key.startsWith("=") && channel.content.selected !== key) {
            channel.content.selected = key;
            clearTimeout(state.pending);
            const tell = () => channel.tell("select", { code: key });
            if (now) tell();
            else state.pending = setTimeout(tell, 80);
        }
        highlight(true);
    }

    function fold(level, closed) {
        if (closed) state.folded.add(level);
        else state.folded.delete(level);
        const fresh = group(level);
        lines.get(`=${level}`).replaceWith(fresh);
        lines.set(`=${level}`, fresh);
        state.here = `=${level}`;
        sift();
        highlight(true);
    }

    function filter(key) {
        state.filter = key;
        sift();
    }

    function seek(text) {
        state.search = text.trim().toLowerCase();
        sift();
    }

    function leaveSearch(event) {
        if (event.key === "Escape" && search.value) {
            event.stopPropagation();
            search.value = "";
            seek("");
        } else if (event.key === "Escape" || event.key === "Enter" || event.key === "ArrowDown") {
            event.preventDefault();
            highlight(true);
        }
    }

    function judge(wanted) {
        choose(wanted.code, true);
        signal(el, "form", wanted);
    }

    function onKey(event) {
        const here = event.target.closest("tr");
        if (!here || event.ctrlKey || event.metaKey || event.altKey || event.target !== here) return;
        const all = visible();
        const at = all.indexOf(here);
        const { level, code } = here.dataset;
        const to = {
            ArrowDown: at + 1,
            ArrowUp: at - 1,
            Home: 0,
            End: all.length - 1,
            PageDown: at + 12,
            PageUp: at - 12,
        };
        if (event.key in to) choose(keyOf(all[Math.min(Math.max(to[event.key], 0), all.length - 1)]));
        else if (level && (event.key === "Enter" || event.key === " ")) fold(level, !state.folded.has(level));
        else if (event.key === "ArrowLeft") code ? choose(`=${channel.content.rows[code].level1}`) : fold(level, true);
        else if (event.key === "ArrowRight" && level) fold(level, false);
        else if (code && event.key === "Enter") judge({ code });
        else if (code && "1234".includes(event.key)) judge({ code, choice: Number(event.key) - 1 });
        else return;
        event.preventDefault();
    }

    function redraw(paths) {
        if (!paths) return build();
        const keys = new Set(paths.map(([key]) => key));
        if (["order", "columns"].some((key) => keys.has(key)) || paths.some((p) => p[0] === "rows" && p.length < 3))
            build();
        else {
            const fresh = [...new Set(paths.filter((p) => p[0] === "rows").map((p) => p[1]))].map((c) => [c, line(c)]);
            const sums = [...new Set(paths.filter((p) => p[0] === "levels").map((p) => p[1]))].map((l) => [
                `=${l}`,
                group(l),
            ]);
            for (const [key, tr] of [...fresh, ...sums]) {
                const focused = lines.get(key) === document.activeElement;
                lines.get(key).replaceWith(tr);
                lines.set(key, tr);
                if (focused) {
                    tr.tabIndex = 0;
                    tr.focus({ preventScroll: true });
                }
            }
            sift();
        }
        if (keys.has("selected")) {
            state.here = channel.content.selected;
            reveal(state.here);
        }
    }

    function reveal(code) {
        const row = channel.content.rows[code];
        if (!row) return;
        if (state.folded.delete(row.level1)) build();
        if (lines.get(code).hidden) {
            [state.filter, state.search, search.value] = ["all", "", ""];
            sift();
        }
        highlight(false);
        lines.get(code).scrollIntoView({ block: "nearest" });
    }

    const typing = (target) => target.closest("input, textarea, select, [contenteditable=true]");
    function onSlash(event) {
        if (event.key !== "/" || typing(event.target) || !el.offsetParent) return;
        event.preventDefault();
        search.focus();
    }
    const onGoto = ({ detail }) => {
        reveal(detail.code);
        judge(detail);
    };
    const onBack = () => highlight(true);

    build();
    // Level 1 stays in sight below the head of the table, whose height depends on font and zoom.
    const sized = new ResizeObserver(() => table.style.setProperty("--wb-head", `${head.offsetHeight}px`));
    sized.observe(head);
    const box = root(el);
    box.addEventListener("keydown", onSlash);
    box.addEventListener("wb-goto", onGoto);
    box.addEventListener("wb-table", onBack);
    redraw.end = () => {
        sized.disconnect();
        box.removeEventListener("keydown", onSlash);
        box.removeEventListener("wb-goto", onGoto);
        box.removeEventListener("wb-table", onBack);
    };
    return redraw;
}
