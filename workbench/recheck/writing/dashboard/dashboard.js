// Filters and order of the table of forms. Without it, it is a plain table.
const sheet = document.querySelector(".scores");
const find = (name) => sheet.querySelector(name);
const body = find("tbody");
const rows = [...body.rows];
const [unit, grade, severity] = sheet.querySelectorAll(".tools select");
const words = find(".words");
const heads = [...find("thead tr").cells];
const severities = new Map(heads.map((head, column) => [head.dataset.label, column]));
const said = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

const wanted = (row) => {
    const parts = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    return (
        (!unit.value || row.dataset.unit === unit.value) &&
        (!grade.value || row.dataset.grade === grade.value) &&
        (!severity.value || row.cells[severities.get(severity.value)].textContent !== "0") &&
        parts.every((part) => said.get(row).includes(part))
    );
};
const show = () => {
    let count = 0;
    for (const row of rows) {
        row.hidden = !wanted(row);
        count += !row.hidden;
    }
    find("output").textContent = `显示 ${count} 张,共 ${sheet.dataset.count} 张`;
};
const restore = sortable(heads, (compare) => body.append(...(compare ? [...rows].sort(compare) : rows)));
find(".reset").addEventListener("click", () => {
    unit.value = grade.value = severity.value = words.value = "";
    restore();
    show();
});
for (const control of [unit, grade, severity, words]) control.addEventListener("input", show);
// On paper nobody sees what was chosen: all rows are printed.
addEventListener("beforeprint", () => rows.forEach((row) => (row.hidden = false)));
addEventListener("afterprint", show);
show();
find(".tools").hidden = false;
