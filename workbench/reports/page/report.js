// Filters, order and folding of the score tables. Without it they are plain tables with everything unfolded.
"use strict";
for (const sheet of document.querySelectorAll(".scores")) {
    const find = (name) => sheet.querySelector(name);
    const body = find("tbody");
    const rows = [...body.rows];
    const indicators = rows.filter((row) => row.classList.contains("indicator"));
    const [level, status] = sheet.querySelectorAll(".tools select");
    const words = find(".words");
    const fold = find(".fold");
    const heads = [...find("thead tr").cells];
    let sorted = null;

    const said = new Map(indicators.map((row) => [row, row.textContent.toLowerCase()]));
    const wanted = (row) => {
        const parts = words.value.toLowerCase().split(/\s+/).filter(Boolean);
        return (
            (!level.value || row.dataset.level === level.value) &&
            (!status.value || row.dataset.status === status.value) &&
            parts.every((part) => said.get(row).includes(part))
        );
    };
    const show = () => {
        // Subtotals and totals stand for all rows in their own order: among chosen ones they would mislead.
        const whole = !sorted && !level.value && !status.value && !words.value.trim();
        let count = 0;
        for (const row of rows) {
            const shown = said.has(row) ? wanted(row) : whole;
            row.hidden = !shown;
            count += said.has(row) && shown;
        }
        const note = whole ? "" : ",小计和总分未列出";
        find("output").textContent = `显示 ${count} 项,共 ${sheet.dataset.count} 项指标${note}`;
    };

    const key = (row, column) => row.cells[column].dataset.key;
    const compare = (column, sign) => (one, other) => {
        const [a, b] = [key(one, column), key(other, column)];
        if (a === "" || b === "") return (a === "") - (b === "");
        const number = heads[column].dataset.sort === "number";
        return sign * (number ? parseFloat(a) - parseFloat(b) : a.localeCompare(b, "zh-CN"));
    };
    const arrange = () => {
        const [column, direction] = sorted || [];
        const sign = direction === "ascending" ? 1 : -1;
        body.append(...(sorted ? [...indicators].sort(compare(column, sign)) : rows));
        show();
    };
    const order = (column, direction) => {
        sorted = direction && [column, direction];
        heads.forEach((head, n) => {
            if (sorted && n === column) head.setAttribute("aria-sort", direction);
            else head.removeAttribute("aria-sort");
        });
        arrange();
    };
    // On paper nobody sees what was chosen: all rows are printed, in their own order.
    addEventListener("beforeprint", () => {
        body.append(...rows);
        for (const row of rows) row.hidden = false;
    });
    addEventListener("afterprint", arrange);
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

    const folds = [];
    for (const row of indicators) {
        const more = row.querySelector(".more");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "one";
        button.setAttribute("aria-controls", more.id);
        const turn = (open) => {
            more.hidden = !open;
            button.setAttribute("aria-expanded", open);
            button.textContent = open ? "收起佐证和算法" : "展开佐证和算法";
        };
        button.addEventListener("click", () => turn(more.hidden));
        more.before(button);
        folds.push(turn);
    }
    const foldAll = (open) => {
        folds.forEach((turn) => turn(open));
        fold.setAttribute("aria-pressed", open);
    };
    fold.addEventListener("click", () => foldAll(fold.getAttribute("aria-pressed") !== "true"));
    find(".reset").addEventListener("click", () => {
        level.value = status.value = words.value = "";
        foldAll(false);
        order(0, null);
    });
    for (const control of [level, status, words]) control.addEventListener("input", show);
    foldAll(false);
    show();
    find(".tools").hidden = false;
}
