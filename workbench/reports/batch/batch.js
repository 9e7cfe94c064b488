// Filters and order of the table of subjects. Without it, it is a plain table.
const sheet = document.querySelector(".scores");
if (sheet) {
    const find = (name) => sheet.querySelector(name);
    const body = find("tbody");
    const rows = [...body.rows];
    const heads = [...find("thead tr").cells];
    const [state, grade, pack] = ["#state", "#grade", "#pack"].map(find);
    const words = find("#words");
    const further = find(".further");
    const [GRADE, STATE, PACK] = ["等级", "状态", "指标包"].map((name) => heads.findIndex((h) => h.textContent === name));
    // A browser lays out some hundred rows at once; ten thousand would keep it busy for seconds.
    const STEP = 300;
    let order = rows;
    let room = STEP;

    const said = new Map();
    const text = (row) => said.get(row) ?? said.set(row, row.textContent.toLowerCase()).get(row);
    const value = (cell) => cell.dataset.grade ?? cell.textContent;
    const is = (control, row, column) => !control?.value || value(row.cells[column]) === control.value;
    // On a phone rows and cells are no table to a style sheet; to those who hear it they remain one.
    const named = (row) => {
        if (row.hasAttribute("role")) return row;
        row.setAttribute("role", "row");
        for (const cell of row.cells) cell.setAttribute("role", "cell");
        return row;
    };
    const show = () => {
        const parts = words.value.toLowerCase().split(/\s+/).filter(Boolean);
        const wanted = order.filter(
            (row) =>
                is(state, row, STATE) &&
                is(grade, row, GRADE) &&
                is(pack, row, PACK) &&
                parts.every((part) => text(row).includes(part)),
        );
        body.replaceChildren(...wanted.slice(0, room).map(named));
        further.hidden = wanted.length <= room;
        const shown = Math.min(wanted.length, room);
        find("output").textContent = `符合 ${wanted.length} 行,共 ${rows.length} 行;显示 ${shown} 行`;
    };
    const again = () => {
        room = STEP;
        show();
    };
    const restore = sortable(heads, (compare) => {
        order = compare ? [...rows].sort(compare) : rows;
        again();
    });
    further.querySelector("button").addEventListener("click", () => {
        const first = body.rows.length;
        room += STEP;
        show();
        // Whoever has no mouse goes on where the new rows begin, and not at the end of the page.
        const next = body.rows[first];
        next.tabIndex = -1;
        next.focus();
    });
    find(".reset").addEventListener("click", () => {
        for (const control of [state, grade, pack, words]) if (control) control.value = "";
        restore();
    });
    for (const control of [state, grade, pack, words]) control?.addEventListener("input", again);
    // On paper nobody sees what was chosen: all rows are printed, in their own order.
    addEventListener("beforeprint", () => body.replaceChildren(...rows));
    addEventListener("afterprint", show);
    show();
    find(".tools").hidden = false;
}
