// The form of one opinion. Python checks everything that is sent; this only asks, and keeps what is typed per indicator.

const CHOICES = ["agree", "adjust", "abstain", "recuse"];
const NO_DOUBT = { about: null, text: "", proposed: "", open: false, done: "" };
const BLANK = { choice: null, points: "", reason: "", evidence: "", files: [] };

function opinionForm(channel, el) {
    const node = h("form", {
        class: "wb-form",
        "data-testid": "form",
        "aria-label": "评审意见",
        onsubmit: confirm,
        onkeydown: onKey,
    });
    let draft = { ...BLANK, files: [] };
    let doubt = { ...NO_DOUBT, files: [] };
    let at = null; // indicator whose draft is shown
    let wanted = null; // what the keyboard asked for before the indicator had arrived
    let parts = {};

    const load = (code) => ({ ...BLANK, files: [], ...keeper(channel, code).load() });
    const keep = () => keeper(channel, at).keep(draft);

    const jumping = () => localStorage.getItem("wb-jump") !== "no";

    function radio({ choice, word, why_not }, index) {
        const chosen = draft.choice === choice;
        const attributes = {
            ...{
                type: "button",
                role: "radio",
                class: `wb-radio wb-radio-${choice}`,
                "data-testid": `choose-${choice}`,
            },
            ...{ "aria-checked": String(chosen), tabindex: chosen || (!draft.choice && !index) ? "0" : "-1" },
            ...{ "aria-disabled": why_not ? "true" : null, title: why_not, onclick: () => pick(choice) },
        };
        return h(
            "button",
            attributes,
            icon(CHOICE_MARKS[choice]),
            word,
            h("kbd", {}, String(CHOICES.indexOf(choice) + 1)),
        );
    }

    function field(name, label, input, hint) {
        const id = `wb-${name}-${channel.content.page}`;
        input.id = id;
        parts[name] = input;
        return h("div", { class: `wb-field wb-field-${name}` }, h("label", { for: id }, label), input, hint);
    }

    const typed = (name) => (event) => {
        draft[name] = event.target.value;
        event.target.removeAttribute("aria-invalid");
        keep();
    };

    function input(name, more) {
        const tag = name === "reason" ? "textarea" : "input";
        const shared = {
            value: draft[name],
            "data-testid": name,
            oninput: typed(name),
            dir: "auto",
            autocomplete: "off",
        };
        return h(tag, { ...shared, ...more });
    }

    function fields(form) {
        const required = draft.choice !== "agree";
        const titles = form.evidence.map((title) => h("option", { value: title }));
        const list = `wb-titles-${channel.content.page}`;
        return [
            draft.choice === "adjust"
                ? field(
                      "points",
                      "得分",
                      input("points", { inputmode: "decimal", size: "8" }),
                      h("span", { class: "wb-hint", "data-testid": "bounds" }, form.bounds),
                  )
                : null,
            field(
                "reason",
                required ? "理由(必填)" : "说明(可不填)",
                input("reason", { rows: "2", maxlength: "20000" }),
            ),
            field("evidence", "依据的佐证", input("evidence", { list, placeholder: "如:验收报告第3页" })),
            h("datalist", { id: list }, titles),
            uploads(draft.files, "files", "bar", () => {
                keep();
                build();
            }),
        ];
    }

    // Chooses files and lists those that have arrived; `changed` is called when one came or was taken off, and what goes
    // wrong is told in the message bar that `parts` has under this name.
    function uploads(files, testid, bar, changed) {
        const add = async (chooser) => {
            for (const file of [...chooser.files]) {
                parts[bar].show();
                const answer = await channel.upload(file, LIMIT);
                if (answer.problems.length) return parts[bar].show(answer);
                files.push(answer.file);
                if (files !== draft.files && files !== doubt.files) return; // the page has gone on
                changed();
            }
        };
        const drop = (index) => {
            files.splice(index, 1);
            changed();
        };
        return h(
            "div",
            { class: "wb-field wb-field-files" },
            h(
                "label",
                { class: "wb-button quiet wb-upload" },
                icon("clip"),
                "附件",
                h("input", { type: "file", multiple: true, "data-testid": testid, onchange: (e) => add(e.target) }),
            ),
            files.map((file, index) =>
                h(
                    "span",
                    { class: "wb-kept", "data-testid": "kept-file" },
                    said(file.name),
                    h("button", { type: "button", "aria-label": `去掉附件${file.name}`, onclick: () => drop(index) }, "×"),
                ),
            ),
            h("span", { class: "wb-hint" }, "每个不超过20MB"),
        );
    }

    function build() {
        const { form } = channel.content;
        const focus = node.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
        parts = {};
        const bar = messageBar("form-message");
        parts.bar = bar;
        if (!form) return fill(node);
        const own =
            form.mine &&
            h(
                "div",
                { class: "wb-own", "data-testid": "own-opinion" },
                icon(CHOICE_MARKS[form.mine.choice]),
                said(form.mine.text),
                form.mine.can_withdraw ? button("撤回", "withdraw", withdraw, { kind: "quiet" }) : null,
            );
        if (!form.choices.length) {
            const rest = [own, form.closed ? prose(form.closed, "wb-hint") : null, challenge(form)].filter(Boolean);
            return fill(node, rest.length ? [rest[0], bar, rest.slice(1)] : null);
        }
        const radios = h(
            "div",
            { class: "wb-radios", role: "radiogroup", "aria-label": "评审意见" },
            form.choices.map(radio),
        );
        const jump = h("input", {
            type: "checkbox",
            checked: jumping(),
            "data-testid": "jump",
            onchange: (e) => localStorage.setItem("wb-jump", e.target.checked ? "yes" : "no"),
        });
        parts.confirm = h(
            "button",
            { type: "submit", class: "wb-button primary", "data-testid": "confirm", title: "Ctrl+Enter" },
            "确认",
        );
        const foot = h(
            "div",
            { class: "wb-foot" },
            parts.confirm,
            h("label", { class: "wb-hint" }, jump, "确认后转到下一项"),
        );
        const rest = draft.choice ? [...fields(form), bar, foot] : [bar];
        fill(node, own, radios, rest, challenge(form));
        if (focus) node.querySelector(`[data-testid="${focus}"]`)?.focus();
    }

    // A doubt about the data behind the points, for numbers that follow from evidence.
    function challenge(form) {
        if (!form.can_challenge) return null;
        const typing = (name) => (event) => (doubt[name] = event.target.value);
        const about = h(
            "select",
            { "data-testid": "challenge-about", "aria-label": "质疑什么", onchange: typing("about") },
            form.abouts.map(([value, word]) => h("option", { value, selected: value === doubt.about }, word)),
        );
        const text = h("textarea", {
            rows: "2",
            "data-testid": "challenge-text",
            "aria-label": "质疑的理由",
            placeholder: "写明哪里不对、依据什么",
            dir: "auto",
            value: doubt.text,
            oninput: typing("text"),
        });
        const proposed = h("input", {
            "data-testid": "challenge-proposed",
            "aria-label": "应为",
            placeholder: "您认为应为(可不填)",
            dir: "auto",
            value: doubt.proposed,
            oninput: typing("proposed"),
        });
        const bar = (parts.doubtBar = messageBar("challenge-message"));
        const done = h("p", { class: "wb-tone-good", role: "status", "data-testid": "challenge-done" }, doubt.done);
        const go = async () => {
            const sent = doubt;
            const answer = await channel.ask("challenge", { code: at, ...sent, about: about.value });
            sent.done = done.textContent = "";
            if (answer.problems.length) return bar.show(answer);
            Object.assign(sent, { ...NO_DOUBT, files: [], open: true, done: "已提出质疑,请等待主评人更正或答复。" });
            build();
        };
        return h(
            "details",
            {
                class: "wb-challenge",
                "data-testid": "challenge",
                open: doubt.open,
                ontoggle: (event) => (doubt.open = event.target.open),
            },
            h("summary", {}, "对数据提出质疑(更正后重新计分)"),
            about,
            text,
            proposed,
            uploads(doubt.files, "challenge-files", "doubtBar", build),
            bar,
            done,
            button("提出质疑", "challenge-send", go),
        );
    }

    function pick(choice) {
        const option = channel.content.form.choices.find((one) => one.choice === choice);
        if (!option) return;
        if (option.why_not) return parts.bar.show({ problems: [option.why_not] });
        draft.choice = choice;
        keep();
        build();
        const target = { agree: parts.confirm, adjust: parts.points }[choice] ?? parts.reason;
        target.focus();
        target.select?.();
    }

    async function confirm(event) {
        event?.preventDefault();
        if (!draft.choice || parts.confirm.disabled) return;
        const code = at;
        parts.confirm.disabled = true;
        const sent = { ...draft, code, points: draft.choice === "adjust" ? draft.points : "", next: jumping() };
        const answer = await channel.ask("opine", sent);
        if (answer.problems.length) {
            if (at === code) {
                parts.confirm.disabled = false;
                for (const name of answer.fields ?? []) parts[name]?.setAttribute("aria-invalid", "true");
                parts.bar.show(answer);
                parts[answer.fields?.[0]]?.focus();
            }
            return;
        }
        keeper(channel, code).drop();
        await painted(); // the table has gone on by then, and its row is where the focus belongs
        if (at === code) {
            draft = { ...BLANK, files: [] };
            build();
        }
        signal(el, "table");
    }

    async function withdraw() {
        const answer = await channel.ask("withdraw", { event: channel.content.form.mine.event });
        parts.bar.show(answer);
    }

    function onKey(event) {
        if (event.key === "Escape") {
            event.preventDefault();
            signal(el, "table");
        } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            confirm(event);
        } else if (event.target.role === "radio" || event.target.getAttribute("role") === "radio") {
            const known = channel.content.form.choices.map((one) => one.choice);
            const here = known.indexOf(event.target.dataset.testid.slice("choose-".length));
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (step) {
                event.preventDefault();
                node.querySelector(
                    `[data-testid="choose-${known[(here + step + known.length) % known.length]}"]`,
                ).focus();
            } else if ("1234".includes(event.key)) pick(CHOICES[Number(event.key) - 1]);
        }
    }

    // From the table: open the form of an indicator, perhaps with a choice made.
    function enter({ code, choice }) {
        wanted = { code, choice };
        if (channel.content.form?.code === code) act();
    }

    function act() {
        const { choice } = wanted;
        wanted = null;
        if (choice !== undefined) pick(CHOICES[choice]);
        else if (draft.choice === "adjust") parts.points.focus();
        else node.querySelector('[role="radio"], button, textarea')?.focus();
    }

    function redraw(paths) {
        if (paths && !paths.some(([name]) => name === "form" || name === "page")) return;
        const code = channel.content.form?.code ?? null;
        if (code !== at) {
            at = code;
            draft = code ? load(code) : { ...BLANK };
            doubt = { ...NO_DOUBT, files: [] };
        }
        build();
        if (wanted && wanted.code === at) act();
    }

    return { node, redraw, enter };
}
