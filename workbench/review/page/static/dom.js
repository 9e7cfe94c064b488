// What every part of the page shares. Text a person typed only ever becomes a text node: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";
const PIECE = 1024 * 1024; // bytes of a file per message; one large message would be refused by the server's socket
const LIMIT = 20 * 1024 * 1024; // bytes of one file
const PATIENCE = 20000; // milliseconds until an unanswered action is called unanswered

function h(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
        else if (name === "value" || name === "checked" || name === "selected") node[name] = value;
        else node.setAttribute(name, value === true ? "" : value);
    }
    return fill(node, ...children);
}

// Puts these in place of what was there; what is null or false is left out.
function fill(node, ...children) {
    node.replaceChildren(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== false));
    return node;
}

// User text stands in its own direction: a right-to-left mark in a reason cannot turn the line around it.
const said = (text, className) => h("bdi", { class: className }, text ?? "");

// Text of several lines.
const prose = (text, className = "") => h("p", { class: `wb-prose ${className}`, dir: "auto" }, text ?? "");

const ICONS = {
    open: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z",
    check: "M2.5 8.5l3.5 4 7.5-9",
    pencil: "M3 13l1-3.5L11 2.5l2.5 2.5L6.5 12z",
    dash: "M3 8h10",
    barred: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM4 4l8 8",
    clock: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8 5v3.3l2.2 1.6",
    merge: "M3 3l5 5v5.5M13 3L8 8",
    far: "M8 2.5L14 13H2zM8 6.5v3M8 11.2v.6",
    paper: "M4 2h5l3 3v9H4zM9 2v3h3M6.2 8l3.6 3.6M9.8 8l-3.6 3.6",
    question: "M5.5 6a2.5 2.5 0 1 1 3.4 2.3Q8 8.8 8 10M8 12.4v.6",
    people: "M3 12.5q0-3.5 3-3.5t3 3.5M6 3.5a2 2 0 1 0 0 4a2 2 0 1 0 0-4M10.5 9q2.8.2 2.8 3.5M10.5 4a1.7 1.7 0 1 1-.3 3.4",
    stale: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8",
    spread: "M2 8h12M4.5 5L2 8l2.5 3M11.5 5L14 8l-2.5 3",
    void: "M8 2l6 6-6 6-6-6zM6 6l4 4M10 6l-4 4",
    right: "M6 3.5L11 8l-5 4.5",
    down: "M3.5 6L8 11l4.5-5",
    next: "M2.5 8h10M8.5 4l4 4-4 4",
    clip: "M11.5 5.5l-5 5a1.5 1.5 0 0 1-2-2l5.5-5.5a2.5 2.5 0 0 1 3.5 3.5L8 12a4 4 0 0 1-5-5.5L7.5 2",
};

const FLAG_MARKS = {
    ...{ unjudged: "open", stale: "stale", far: "far", weak_evidence: "paper", unscored: "void", no_quorum: "people" },
    ...{ spread: "spread", challenged: "question", not_applied: "stale" },
};
const CHOICE_MARKS = { agree: "check", adjust: "pencil", abstain: "dash", recuse: "barred" };

// A shape drawn in the colour of the text around it; the words beside it say the same.
function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: "wb-icon", "aria-hidden": "true" }))
        svg.setAttribute(key, value);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name] ?? ICONS.open);
    svg.append(path);
    return svg;
}

function button(text, testid, onclick, { kind = "", mark = null, ...more } = {}) {
    const attributes = { type: "button", class: `wb-button ${kind}`, "data-testid": testid, onclick, ...more };
    return h("button", attributes, mark && icon(mark), h("span", {}, text));
}

// One part's line to Python: its content as Python last told it, and questions that are answered.
class Channel {
    constructor(model) {
        this.model = model;
        const shown = model.get("shown");
        this.content = shown.content;
        this.n = shown.n;
        this.listeners = new Set();
        this.waiting = new Map();
        this.tickets = 0;
        model.on("msg:custom", (message, buffers) => this.take(message, buffers));
    }

    take(message, buffers) {
        if (message.done !== undefined) {
            const settle = this.waiting.get(message.done);
            this.waiting.delete(message.done);
            if (settle) settle({ ...message, buffers });
        } else if (message.whole) {
            this.content = message.whole;
            this.n = message.n;
            this.changed(null);
        } else if (message.changes) {
            if (message.n !== this.n + 1) return this.tell("again"); // a message was lost on the way
            this.n = message.n;
            for (const [path, ...value] of message.changes) {
                let target = this.content;
                for (const key of path.slice(0, -1)) target = target[key];
                if (value.length) target[path.at(-1)] = value[0];
                else delete target[path.at(-1)];
            }
            this.changed(message.changes.map(([path]) => path));
        } else if (message.event) for (const listener of this.listeners) listener([], message);
    }

    changed(paths) {
        for (const listener of this.listeners) listener(paths, null);
    }

    tell(what, details = {}, buffers = []) {
        this.model.send({ do: what, ...details }, undefined, buffers);
    }

    // Resolves to {problems: []} or to what was wrong; never rejects.
    ask(what, details = {}, buffers = []) {
        const ticket = `${Date.now()}-${(this.tickets += 1)}`;
        return new Promise((settle) => {
            const late = () => {
                this.waiting.delete(ticket);
                settle({
                    problems: ["服务器没有回应,这次操作可能没有生效。您填写的内容仍在本页,请稍后刷新页面核对。"],
                });
            };
            const timer = setTimeout(late, PATIENCE);
            this.waiting.set(ticket, (answer) => {
                clearTimeout(timer);
                settle({ problems: [], ...answer });
            });
            try {
                this.tell(what, { ...details, ticket }, buffers);
            } catch {
                late(); // the line itself is closed
            }
        });
    }

    // Hands a file over in pieces; resolves to {file: {name, sha256, size}} or {problems}.
    async upload(file, limit) {
        if (file.size > limit)
            return { problems: [`“${file.name}”超过${Math.round(limit / 1048576)}MB,请压缩或分成几个文件后再上传。`] };
        const key = `${Date.now()}-${Math.random()}`;
        let answer = { problems: ["文件是空的。"] };
        for (let start = 0; start < file.size; start += PIECE) {
            const piece = await file.slice(start, start + PIECE).arrayBuffer();
            const last = start + PIECE >= file.size;
            answer = await this.ask("piece", { key, name: file.name, last }, [piece]);
            if (answer.problems.length) break;
        }
        return answer;
    }

    // Fetches a kept file piece by piece and opens it: shown in a tab when Python says it is harmless, else saved.
    async open(sha256) {
        const pieces = [];
        for (let index = 0, last = false; !last; index += 1) {
            const answer = await this.ask("fetch", { sha256, index });
            if (answer.problems.length) return answer;
            pieces.push(...answer.buffers);
            ({ last } = answer.file);
            if (last) present(answer.file, pieces);
        }
        return { problems: [] };
    }
}

function present({ name, type, inline }, pieces) {
    const url = URL.createObjectURL(new Blob(pieces, { type: inline ? type : "application/octet-stream" }));
    const link = h("a", { href: url, rel: "noopener", ...(inline ? { target: "_blank" } : { download: name }) });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 600000);
}

// A file name that opens or is saved when clicked.
function fileButton(channel, file, bar) {
    const text = file.size === undefined ? file.name : `${file.name}(${file.size})`;
    const open = async (event) => {
        event.currentTarget.blur();
        bar.show(await channel.open(file.sha256));
    };
    return h(
        "button",
        { type: "button", class: "wb-file", "data-testid": "attachment", "data-sha256": file.sha256, onclick: open },
        icon("clip"),
        said(text),
    );
}

// Where the answer to an action appears: empty, or what was wrong.
function messageBar(testid) {
    const node = h("div", { class: "wb-bar", role: "alert", "data-testid": testid, hidden: true });
    node.show = ({ problems = [] } = {}) => {
        fill(
            node,
            problems.map((text) => prose(text)),
        );
        node.hidden = !problems.length;
        if (problems.length) node.scrollIntoView({ block: "nearest" });
    };
    return node;
}

const root = (node) => node.closest(".wb-review") ?? document.body;

// Parts of one page call each other inside the browser by events on its outermost box.
const signal = (node, name, detail) => root(node).dispatchEvent(new CustomEvent(`wb-${name}`, { detail }));

// What is typed and not yet sent, kept for this browser tab: moving on, or a reload, loses nothing.
function keeper(channel, name) {
    const key = `wb-draft:${channel.content.page}:${name}`;
    const quietly = (act) => {
        try {
            return act();
        } catch {
            return undefined; // a full or forbidden session store: the draft then lives as long as its form
        }
    };
    return {
        load: () => quietly(() => JSON.parse(sessionStorage.getItem(key) ?? "{}")) ?? {},
        keep: (values) => quietly(() => sessionStorage.setItem(key, JSON.stringify(values))),
        drop: () => quietly(() => sessionStorage.removeItem(key)),
        has: () => quietly(() => sessionStorage.getItem(key) !== null) ?? false,
    };
}

// A widget is drawn before it is put on the page; its outermost box can only be found afterwards.
async function placed(el) {
    while (!el.isConnected) await new Promise((resolve) => requestAnimationFrame(resolve));
}

// Resolves once the frame under way is on the screen.
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

// Redraws once the frame under way is on the screen, with all that has changed until then: the totals, which people wait
// for, are not held up by a long table.
function afterPaint(redraw) {
    let paths = [];
    let due = false;
    const draw = () => {
        const told = paths;
        paths = [];
        due = false;
        redraw(told, null);
    };
    return (changed, message) => {
        if (message) return redraw(changed, message);
        paths = changed && paths && [...paths, ...changed]; // null: everything
        if (due) return;
        due = true;
        painted().then(draw);
    };
}

// A part of the page: `draw(channel, el)` builds it once and gives back what to do when its content has changed.
const part = (draw) => () => {
    let channel = null;
    return {
        initialize({ model }) {
            channel = new Channel(model);
        },
        async render({ el }) {
            el.classList.add("wb-part");
            await placed(el);
            const redraw = draw(channel, el);
            const listener = redraw.urgent ? redraw : afterPaint(redraw);
            channel.listeners.add(listener);
            return () => {
                channel.listeners.delete(listener);
                redraw.end?.();
            };
        },
    };
};
