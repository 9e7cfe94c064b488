// Filters and order of the table of forms. Without it, it is a plain table.
"use strict";
const sheet = document.querySelector(".scores");
const find = (name) => sheet.querySelector(name);
const body = find("tbody");
const rows = [...body.rows];
const [unit, grade, severity] = sheet.querySelectorAll(".tools select");
const words = find(".words");
const heads = [...find("thead tr").cells];
const severities = new Map(heads.map((head, column) => [head.dataset.label, column]));
const said = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
let sorted = null;

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
const key = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent;
const compare = (column, sign) => (one, other) => {
    const [a, b] = [key(one, column), key(other, column)];
    // What has no value stands last in either order.
    if (a === "" || b === "") return (a === "") - (b === "");
    const number = heads[column].dataset.sort === "number";
    return sign * (number ? parseFloat(a) - parseFloat(b) : a.localeCompare(b, "zh-CN"));
};
const order = (column, direction) => {
    sorted = direction && [column, direction];
    heads.forEach((head, n) => {
        if (sorted && n === column) head.setAttribute("aria-sort", direction);
        else head.removeAttribute("aria-sort");
    });
    body.append(...(sorted ? [...rows].sort(compare(column, direction === "ascending" ? 1 : -1)) : rows));
};
heads.forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        order(column, now === "ascending" ? "descending" : now ? null : "ascending");
    });
    head.append(button);
});
find(".reset").addEventListener("click", () => {
    unit.value = grade.value = severity.value = words.value = "";
    order(0, null);
    show();
});
for (const control of [unit, grade, severity, words]) control.addEventListener("input", show);
// On paper nobody sees what was chosen: all rows are printed.
addEventListener("beforeprint", () => rows.forEach((row) => (row.hidden = false)));
addEventListener("afterprint", show);
show();
find(".tools").hidden = false;
