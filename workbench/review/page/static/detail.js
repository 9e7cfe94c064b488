// One indicator: how its computed points came about, what lies behind it, what was said about it; below, the form.

function drawDetail(channel, el) {
    const reading = h("div", {
        class: "wb-reading",
        "data-testid": "detail",
        tabindex: "0",
        role: "region",
        "aria-label": "指标详情",
    });
    const form = opinionForm(channel, el);
    const bar = messageBar("detail-message");
    const open = new Map([
        ["basis", true],
        ["evidence", true],
        ["opinions", true],
        ["history", false],
    ]);
    el.classList.add("wb-detail-part");
    el.append(reading, bar, form.node);

    const fact = (label, value, testid) =>
        h("div", { class: "wb-fact" }, h("dt", {}, label), h("dd", { "data-testid": testid }, value));

    function section(key, title, ...content) {
        const node = h("details", { class: "wb-section", open: open.get(key), "data-testid": `section-${key}` });
        node.addEventListener("toggle", () => open.set(key, node.open));
        node.append(h("summary", {}, title), ...content.flat().filter(Boolean));
        return node;
    }

    const pair = (label, text, className) =>
        text
            ? h("div", { class: `wb-pair ${className ?? ""}` }, h("span", { class: "wb-label" }, label), prose(text))
            : null;

    function drawTop({ row, facts, notes }) {
        const marks = row.flags.map(([key, word]) =>
            h("span", { class: `wb-mark wb-flag-${key}` }, icon(FLAG_MARKS[key]), word),
        );
        return [
            h(
                "h2",
                { class: "wb-name", "data-testid": "detail-title" },
                h("span", { class: "wb-code" }, row.code),
                said(row.name),
            ),
            h(
                "div",
                { class: "wb-marks" },
                marks,
                notes.map((note) => h("span", { class: "wb-note" }, note)),
            ),
            h(
                "dl",
                { class: "wb-facts" },
                facts.map(([label, value, id]) => fact(label, said(value), `fact-${id}`)),
            ),
        ];
    }

    function drawEvidence(lines) {
        if (!lines.length) return prose("没有登记佐证资料。", "wb-none");
        return lines.map((line) =>
            h(
                "div",
                { class: "wb-evidence-line", "data-testid": "evidence-line" },
                h("div", {}, said(line.title), line.status ? h("span", { class: "wb-note" }, line.status) : null),
                h("div", { class: "wb-place" }, said(line.place), line.document ? [" · ", said(line.document)] : null),
                line.sha256 ? fileButton(channel, { name: line.file, sha256: line.sha256 }, bar) : null,
            ),
        );
    }

    function drawOpinion(one) {
        return h(
            "article",
            { class: `wb-opinion ${one.withdrawn ? "wb-withdrawn" : ""}`, "data-testid": `opinion-${one.event}` },
            h(
                "header",
                {},
                said(one.who, "wb-who"),
                h(
                    "span",
                    { class: "wb-choice" },
                    icon(CHOICE_MARKS[one.choice]),
                    one.choice_word,
                    one.points ? ` ${one.points}分` : "",
                ),
                h("span", { class: "wb-when" }, one.at),
                one.notes.map((note) => h("span", { class: "wb-note" }, said(note))),
            ),
            one.reason ? prose(one.reason) : null,
            one.evidence ? prose(`依据:${one.evidence}`, "wb-place") : null,
            one.attachments.map((file) => fileButton(channel, file, bar)),
        );
    }

    // Points of the last round on a line from 0 to full points; equal ones stand on top of each other.
    function drawStrip({ dots, middle, ends, text }) {
        const place = ([x, y]) => [20 + 260 * x, 44 - 10 * y];
        const shape = (name, attributes) => {
            const node = document.createElementNS(SVG, name);
            for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
            return node;
        };
        const svg = shape("svg", { viewBox: "0 0 300 66", class: "wb-strip", role: "img", "aria-label": text });
        svg.append(shape("line", { x1: 20, x2: 280, y1: 50, y2: 50, class: "wb-axis" }));
        const [at] = place([middle, 0]);
        svg.append(shape("line", { x1: at, x2: at, y1: 14, y2: 54, class: "wb-median" }));
        for (const dot of dots) {
            const [cx, cy] = place(dot);
            svg.append(shape("circle", { cx, cy, r: 4, class: "wb-dot" }));
        }
        ends.forEach((label, index) => {
            const node = shape("text", { x: index ? 280 : 20, y: 63, "text-anchor": index ? "end" : "start" });
            node.textContent = label;
            svg.append(node);
        });
        return [svg, prose(text, "wb-place")];
    }

    const drawHistory = (lines) =>
        h(
            "ol",
            { class: "wb-history" },
            lines.map(({ at, who, text }) =>
                h("li", {}, h("span", { class: "wb-when" }, at), said(who), " ", said(text)),
            ),
        );

    function draw() {
        const { detail } = channel.content;
        if (!detail) return fill(reading, prose("请在左边的表中选择一项指标。", "wb-none"));
        fill(
            reading,
            ...drawTop(detail),
            section(
                "basis",
                "计算依据",
                detail.basis.map(([label, text, className]) => pair(label, text, className)),
            ),
            detail.strip && section("strip", "得分分布", drawStrip(detail.strip)),
            section("evidence", `佐证资料(${detail.evidence.length})`, drawEvidence(detail.evidence)),
        );
        if (detail.opinions.length)
            reading.append(
                section("opinions", `评审意见(${detail.opinions.length})`, detail.opinions.map(drawOpinion)),
            );
        if (detail.history.length)
            reading.append(section("history", `过程记录(${detail.history.length})`, drawHistory(detail.history)));
    }

    let shown = null;
    function redraw(paths) {
        const { detail } = channel.content;
        if (!paths || paths.some(([key]) => key === "detail")) {
            const top = shown === detail?.row.code ? reading.scrollTop : 0;
            draw();
            reading.scrollTop = top;
            if (shown !== detail?.row.code) bar.show();
            shown = detail?.row.code ?? null;
        }
        form.redraw(paths);
    }

    const onForm = ({ detail }) => form.enter(detail);
    const box = root(el);
    box.addEventListener("wb-form", onForm);
    open.set("strip", true);
    redraw(null);
    redraw.end = () => box.removeEventListener("wb-form", onForm);
    return redraw;
}
