// The top of the page: what is reviewed, by whom, what to do next, what the points would mean (lead), and the tabs.

const BEAT = 10000; // milliseconds between two looks whether the server is still there

function drawHead(channel, el) {
    const top = h("div", { class: "wb-top" });
    const next = h("div", { class: "wb-next" });
    const bar = messageBar("head-message");
    const ask = h("div", { class: "wb-ask", "data-testid": "confirm-box" });
    const tiles = h("div", { class: "wb-tiles", "data-testid": "conclusion" });
    const tabs = h("div", { class: "wb-tabs", role: "tablist", "aria-label": "页面" });
    const toasts = h("div", { class: "wb-toasts", role: "status", "aria-live": "polite", "data-testid": "toasts" });
    el.classList.add("wb-head");
    const lost = h(
        "p",
        { class: "wb-lost", role: "alert", "data-testid": "lost", hidden: true },
        "页面与服务器的连接已断开,显示的内容可能不是最新的,现在的操作不会生效。请刷新页面;仍打不开的,请联系主评人。",
    );
    el.append(top, lost, next, bar, ask, tiles, tabs, toasts);

    // Asks before something that cannot simply be undone; a list shows what it is about.
    function confirm({ text, list = [], yes, testid }, act) {
        const close = () => fill(ask);
        const go = async () => {
            accept.disabled = true;
            const answer = await act();
            close();
            bar.show(answer);
        };
        const accept = button(yes, `${testid}-yes`, go, { kind: "primary" });
        const items =
            list.length &&
            h(
                "ul",
                {},
                list.map((item) => h("li", {}, said(item))),
            );
        const refuse = button("取消", `${testid}-no`, close);
        const onkeydown = (event) => event.key === "Escape" && close();
        fill(
            ask,
            h(
                "div",
                { class: "wb-confirm", role: "alertdialog", "aria-label": text, onkeydown },
                prose(text),
                items || null,
                accept,
                refuse,
            ),
        );
        accept.focus();
    }

    function drawTop({ title, subjects, subject, subject_name, person, roles, phase, round, connection }) {
        const pick = (event) => channel.tell("subject", { subject: event.target.value });
        const options = subjects.map(([id, name]) => h("option", { value: id, selected: id === subject }, name));
        const choose = h("select", { "data-testid": "subject", "aria-label": "评价对象", onchange: pick }, options);
        fill(
            top,
            h("h1", { class: "wb-title" }, said(title)),
            subjects.length > 1 ? choose : said(subject_name, "wb-subject"),
            h("span", { class: "wb-space" }),
            h("span", { class: "wb-pill", "data-testid": "phase" }, phase, round ? ` · 第${round}轮` : ""),
            h("span", { class: "wb-person", "data-testid": "person" }, icon("people"), said(person), `(${roles})`),
        );
        if (connection) top.append(h("span", { class: "wb-pill wb-bad", role: "status" }, connection));
    }

    function drawNext({ next_step, submit, agreeable, entry, progress }) {
        const toMissing = () => signal(el, "goto", { code: submit.first });
        const send = async () => {
            if (submit.first) toMissing();
            else confirm({ text: submit.question, yes: "确认提交", testid: "submit" }, () => channel.ask("submit"));
        };
        const agree = () =>
            confirm({ text: agreeable.question, list: agreeable.list, yes: "全部认可", testid: "agree-rest" }, () =>
                channel.ask("agree_rest"),
            );
        fill(
            next,
            icon("next"),
            h("span", { class: "wb-next-text", "data-testid": "next-step", dir: "auto" }, next_step),
            h("span", { class: "wb-space" }),
            progress ? h("span", { class: "wb-pill wb-plain", "data-testid": "progress" }, progress) : null,
            entry ? h("span", { class: "wb-pill wb-entry", "data-testid": "entry" }, said(entry)) : null,
            entry ? button("结束代录", "entry-end", () => channel.tell("entry_end")) : null,
            agreeable ? button(agreeable.text, "agree-rest", agree, { mark: "check" }) : null,
            submit && submit.first
                ? button(submit.missing, "missing", toMissing, { kind: "quiet", mark: "open" })
                : null,
            submit ? button("提交评审意见", "submit", send, { kind: submit.first ? "" : "primary" }) : null,
        );
    }

    function drawTile({ key, label, total, grade, lines, tone, hint }) {
        return h(
            "div",
            { class: `wb-tile ${tone ?? ""}`, "data-testid": `tile-${key}`, title: hint },
            h("span", { class: "wb-tile-label" }, label),
            h("span", { class: "wb-tile-total", "data-testid": `total-${key}` }, total),
            grade ? h("span", { class: "wb-grade", "data-testid": `grade-${key}` }, said(grade)) : null,
            h(
                "span",
                { class: "wb-tile-lines" },
                lines.map((line) => h("span", {}, said(line))),
            ),
        );
    }

    function drawTabs({ tabs: known, tab }) {
        const go = (key) => channel.tell("tab", { tab: key });
        const move = (event) => {
            const here = known.findIndex(({ key }) => key === event.currentTarget.dataset.tab);
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
            if (!step) return;
            event.preventDefault();
            const { key } = known[(here + step + known.length) % known.length];
            tabs.querySelector(`[data-tab="${key}"]`).focus();
            go(key);
        };
        const focused = tabs.contains(document.activeElement) ? document.activeElement.dataset.tab : null;
        fill(
            tabs,
            ...known.map(({ key, title, badge }) =>
                h(
                    "button",
                    {
                        ...{
                            type: "button",
                            role: "tab",
                            class: "wb-tab",
                            "data-tab": key,
                            "data-testid": `tab-${key}`,
                        },
                        ...{ "aria-selected": String(key === tab), tabindex: key === tab ? "0" : "-1" },
                        ...{ onclick: () => go(key), onkeydown: move },
                    },
                    title,
                    badge ? h("span", { class: "wb-badge" }, String(badge)) : null,
                ),
            ),
        );
        if (focused) tabs.querySelector(`[data-tab="${focused}"]`)?.focus();
    }

    // What was done, for a moment, with a way back.
    function toast({ text, undo }) {
        const away = () => node.remove();
        const back = async () => {
            const answer = await channel.ask("withdraw", { event: undo });
            away();
            bar.show(answer);
        };
        const node = h("div", { class: "wb-toast", "data-testid": "toast" }, icon("check"), said(text));
        if (undo) node.append(button("撤销", "undo", back, { kind: "quiet" }));
        node.append(button("知道了", "toast-close", away, { kind: "quiet" }));
        fill(toasts, node);
        setTimeout(away, 9000);
    }

    const drawers = [
        [["title", "subjects", "subject", "subject_name", "person", "roles", "phase", "round", "connection"], drawTop],
        [["next_step", "submit", "agreeable", "entry", "progress"], drawNext],
        [["tiles"], (content) => fill(tiles, ...content.tiles.map(drawTile))],
        [["tabs", "tab"], drawTabs],
    ];

    function redraw(paths, message) {
        if (message?.event === "toast") return toast(message);
        if (message?.event === "problems") return bar.show(message);
        const keys = paths && new Set(paths.map(([key]) => key));
        for (const [wanted, draw] of drawers) if (!keys || wanted.some((key) => keys.has(key))) draw(channel.content);
    }

    redraw(null);
    const view = `${Date.now()}-${Math.random()}`;
    channel.tell("here", { view });
    // A page whose server is gone looks as if nobody had said anything since.
    const beat = setInterval(async () => {
        lost.hidden = (await channel.ask("here", { view })).problems.length === 0;
    }, BEAT);
    const fit = () => {
        root(el).classList.toggle("wb-tight", el.clientWidth < 1180 && el.clientWidth >= 960);
        root(el).classList.toggle("wb-narrow", el.clientWidth < 960);
    };
    const sized = new ResizeObserver(fit);
    sized.observe(el);
    redraw.urgent = true;
    redraw.end = () => {
        clearInterval(beat);
        sized.disconnect();
        channel.tell("gone", { view });
    };
    return redraw;
}
