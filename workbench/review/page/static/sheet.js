// The other tabs. Python says what stands there as blocks: text, facts, tables, records, forms, groups; this draws them.
// A block is built anew only when it has changed, so that nobody loses what they are typing when a colleague acts.

function drawSheet(channel, el) {
    const body = h("div", { class: "wb-sheet", role: "tabpanel", "data-testid": "sheet" });
    const built = new Map(); // block key → its node
    const forms = new Map(); // form key → its node and what it was made of; a colleague's act may have made it anew
    const folded = new Map(); // group key → open or not, as the user left it
    el.classList.add("wb-sheet-part");
    el.append(body);

    const draw = {
        text: ({ text, tone, heading }) => (heading ? h("h3", {}, said(text)) : prose(text, tone && `wb-tone-${tone}`)),
        facts: ({ items }) =>
            h(
                "dl",
                { class: "wb-facts" },
                items.map(([label, value]) =>
                    h("div", { class: "wb-fact" }, h("dt", {}, label), h("dd", {}, said(value))),
                ),
            ),
        table: drawGrid,
        records: ({ records, empty }) => (records.length ? records.map(drawRecord) : prose(empty, "wb-none")),
        form: drawForm,
        group: ({ key, title, open, badge, blocks }) => {
            const node = h("details", {
                class: "wb-section",
                open: folded.get(key) ?? open,
                "data-testid": `group-${key}`,
            });
            node.addEventListener("toggle", () => folded.set(key, node.open));
            node.append(
                h("summary", {}, title, badge ? h("span", { class: "wb-badge" }, String(badge)) : null),
                ...blocks.flatMap(drawBlock),
            );
            return node;
        },
    };
    const drawBlock = (block) => [draw[block.kind](block)].flat();

    function drawGrid({ key, columns, rows, empty }) {
        if (!rows.length) return prose(empty, "wb-none");
        const bar = messageBar(`table-message-${key}`);
        const head = h(
            "tr",
            {},
            columns.map(([title, kind]) => h("th", { scope: "col", class: kind }, title)),
        );
        const lines = rows.map((row) =>
            h(
                "tr",
                { "data-testid": `line-${key}-${row.id}`, class: row.tone ? `wb-tone-${row.tone}` : null },
                row.cells.map((text, index) => h("td", { class: columns[index][1] }, said(text))),
                row.buttons || row.files ? h("td", {}, actions(row, bar)) : null,
            ),
        );
        const table = h("table", { class: "wb-grid" }, h("thead", {}, head), h("tbody", {}, lines));
        return [
            h("div", { class: "wb-scroll", tabindex: "0", role: "region", "aria-label": columns[0][0] }, table),
            bar,
        ];
    }

    function actions({ buttons = [], files = [] }, bar) {
        return [...files.map((file) => fileButton(channel, file, bar)), ...buttons.map((one) => act(one, bar))];
    }

    // A button that asks once more where its `sure` says what would happen.
    function act({ text, act: what, args, sure }, bar) {
        const word = h("span", {}, text);
        let asked = !sure;
        const ask = (again) => {
            asked = again || !sure;
            word.textContent = again ? sure : text;
        };
        const go = async () => {
            if (!asked) {
                ask(true);
                setTimeout(() => ask(false), 5000);
                return;
            }
            ask(false);
            node.disabled = true;
            bar.show(await channel.ask(what, args));
            node.disabled = false;
        };
        const testid = `act-${what}-${Object.values(args).join("-")}`;
        const node = h(
            "button",
            { type: "button", class: "wb-button quiet", "data-testid": testid, onclick: go },
            word,
        );
        return node;
    }

    function drawRecord(record) {
        const bar = messageBar(`record-message-${record.id}`);
        return h(
            "article",
            { class: "wb-opinion", "data-testid": `record-${record.id}` },
            h(
                "header",
                {},
                said(record.who, "wb-who"),
                h("span", { class: "wb-when" }, record.at),
                record.notes.map((note) => h("span", { class: "wb-note" }, said(note))),
            ),
            record.text ? prose(record.text) : null,
            h("div", { class: "wb-actions" }, actions(record, bar)),
            bar,
            (record.records ?? []).map(drawRecord),
            (record.forms ?? []).map((form) => drawForm({ ...form, folded: true })),
        );
    }

    function drawForm(form) {
        const drafts = keeper(channel, `${form.act}:${form.key}`);
        const values = { ...Object.fromEntries(form.fields.map((f) => [f.name, f.value])), ...drafts.load() };
        const bar = messageBar(`message-${form.key}`);
        const inputs = {};
        const set = (name, value) => {
            values[name] = value;
            inputs[name].removeAttribute?.("aria-invalid");
            drafts.keep(values);
        };
        const send = async (event) => {
            event.preventDefault();
            if (accept.disabled) return;
            if (form.sure && !accept.dataset.asked) {
                accept.dataset.asked = "yes";
                accept.textContent = form.sure;
                return;
            }
            accept.disabled = true;
            const answer = await channel.ask(form.act, { ...form.args, values });
            accept.disabled = false;
            delete accept.dataset.asked;
            accept.textContent = form.button;
            bar.show(answer);
            for (const name of answer.fields ?? []) inputs[name]?.setAttribute?.("aria-invalid", "true");
            if (answer.problems.length) return;
            drafts.drop();
            const now = forms.get(form.key);
            now.node.replaceWith(drawForm(now.form));
        };
        const accept = h(
            "button",
            { type: "submit", class: "wb-button primary", "data-testid": `send-${form.key}` },
            form.button,
        );
        const lines = form.fields.map((field) => fieldLine(form.key, field, values, set, inputs, bar));
        const inner = h(
            "form",
            {
                class: "wb-form-block",
                onsubmit: send,
                "data-testid": `form-${form.key}`,
                "aria-label": form.title || form.button,
            },
            lines,
            form.hint ? prose(form.hint, "wb-hint") : null,
            bar,
            h("div", { class: "wb-foot" }, accept),
        );
        const node = form.folded
            ? h(
                  "details",
                  { class: "wb-challenge", open: drafts.has() },
                  h("summary", { "data-testid": `open-${form.key}` }, form.title),
                  inner,
              )
            : h("section", {}, form.title ? h("h4", {}, form.title) : null, inner);
        forms.set(form.key, { node, form });
        return node;
    }

    function fieldLine(form, field, values, set, inputs, bar) {
        const id = `wb-${channel.content.page}-${form}-${field.name}`.replace(/\s/g, "_");
        const testid = `${form}-${field.name}`;
        const { name } = field;
        const shared = { id, "data-testid": testid, "aria-required": field.required ? "true" : null };
        const typing = {
            ...shared,
            value: values[name] ?? "",
            oninput: (e) => set(name, e.target.value),
            dir: "auto",
            autocomplete: "off",
        };
        const label = h("label", { for: id }, field.label, field.required ? "(必填)" : "");
        const hint = field.hint ? h("span", { class: "wb-hint" }, field.hint) : null;
        if (field.type === "check") {
            inputs[name] = h("input", {
                ...shared,
                type: "checkbox",
                checked: Boolean(values[name]),
                onchange: (e) => set(name, e.target.checked),
            });
            return h("div", { class: "wb-field wb-field-check" }, inputs[name], label, hint);
        }
        if (field.type === "checks") return checks(field, values, set, inputs, testid);
        if (field.type === "files") return files(field, values, set, inputs, testid, bar);
        if (field.type === "select") {
            const options = field.options.map(([value, word]) =>
                h("option", { value, selected: value === values[name] }, word),
            );
            inputs[name] = h("select", { ...shared, onchange: (e) => set(name, e.target.value) }, options);
            if (values[name] === undefined || values[name] === null) values[name] = field.options[0]?.[0] ?? "";
        } else if (field.type === "area")
            inputs[name] = h("textarea", { ...typing, rows: String(field.rows ?? 3), maxlength: "20000" });
        else inputs[name] = h("input", { ...typing, placeholder: field.placeholder });
        return h("div", { class: `wb-field ${field.width ?? ""}` }, label, inputs[name], hint);
    }

    function checks(field, values, set, inputs, testid) {
        const chosen = new Set(values[field.name] ?? []);
        const flip = (value) => (event) => {
            if (event.target.checked) chosen.add(value);
            else chosen.delete(value);
            set(
                field.name,
                field.options.map(([known]) => known).filter((known) => chosen.has(known)),
            );
        };
        const boxes = field.options.map(([value, word]) =>
            h(
                "label",
                { class: "wb-check" },
                h("input", {
                    type: "checkbox",
                    checked: chosen.has(value),
                    "data-testid": `${testid}-${value}`,
                    onchange: flip(value),
                }),
                said(word),
            ),
        );
        inputs[field.name] = h(
            "fieldset",
            { class: "wb-field wb-checks" },
            h("legend", {}, field.label, field.required ? "(必填)" : ""),
            boxes,
            field.hint ? h("span", { class: "wb-hint" }, field.hint) : null,
        );
        return inputs[field.name];
    }

    function files(field, values, set, inputs, testid, bar) {
        const kept = h("span", {});
        const show = () =>
            fill(
                kept,
                ...(values[field.name] ?? []).map((file, index) =>
                    h(
                        "span",
                        { class: "wb-kept" },
                        said(file.name),
                        h(
                            "button",
                            {
                                type: "button",
                                "aria-label": `去掉附件${file.name}`,
                                onclick: () => put((values[field.name] ?? []).filter((_, i) => i !== index)),
                            },
                            "×",
                        ),
                    ),
                ),
            );
        const put = (list) => {
            set(field.name, list);
            show();
        };
        const add = async (event) => {
            for (const file of [...event.target.files]) {
                const answer = await channel.upload(file, LIMIT);
                bar.show(answer);
                if (answer.file) put([...(values[field.name] ?? []), answer.file]);
            }
            event.target.value = "";
        };
        const chooser = h("input", { type: "file", multiple: true, "data-testid": testid, onchange: add });
        inputs[field.name] = h(
            "div",
            { class: "wb-field wb-field-files" },
            h(
                "label",
                { class: "wb-button quiet wb-upload" },
                icon("clip"),
                field.label,
                field.required ? "(必填)" : "",
                chooser,
            ),
            kept,
            h("span", { class: "wb-hint" }, field.hint ?? "每个不超过20MB"),
        );
        show();
        return inputs[field.name];
    }

    function redraw(paths) {
        const { order, blocks } = channel.content;
        const changed = paths && new Set(paths.filter((path) => path[0] === "blocks").map((path) => path[1]));
        if (!paths) built.clear();
        for (const key of [...built.keys()]) if (!blocks[key]) built.delete(key);
        for (const key of order)
            if (!built.has(key) || changed?.has(key))
                built.set(
                    key,
                    h("div", { class: "wb-block", "data-testid": `block-${key}` }, drawBlock({ ...blocks[key], key })),
                );
        const wanted = order.map((key) => built.get(key));
        if (wanted.length !== body.children.length || wanted.some((node, index) => body.children[index] !== node)) {
            const focused = document.activeElement?.dataset?.testid;
            fill(body, ...wanted);
            if (focused && !body.contains(document.activeElement))
                body.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
        }
    }

    redraw(null);
    return redraw;
}
