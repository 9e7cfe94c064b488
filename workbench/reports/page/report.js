// Filters, order and folding of the score tables. Without it they are plain tables with everything unfolded.
for (const sheet of document.querySelectorAll(".scores")) {
    const find = (name) => sheet.querySelector(name);
    const body = find("tbody");
    const rows = [...body.rows];
    const indicators = rows.filter((row) => row.classList.contains("indicator"));
    const [level, status] = sheet.querySelectorAll(".tools select");
    const words = find(".words");
    const fold = find(".fold");
    const heads = [...find("thead tr").cells];
    let compare = null;

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
        const whole = !compare && !level.value && !status.value && !words.value.trim();
        let count = 0;
        for (const row of rows) {
            const shown = said.has(row) ? wanted(row) : whole;
            row.hidden = !shown;
            count += said.has(row) && shown;
        }
        const note = whole ? "" : ",小计和总分未列出";
        find("output").textContent = `显示 ${count} 项,共 ${sheet.dataset.count} 项指标${note}`;
    };

    const arrange = () => {
        body.append(...(compare ? [...indicators].sort(compare) : rows));
        show();
    };
    const restore = sortable(heads, (how) => {
        compare = how;
        arrange();
    });
    // On paper nobody sees what was chosen: all rows are printed, in their own order.
    addEventListener("beforeprint", () => {
        body.append(...rows);
        for (const row of rows) row.hidden = false;
    });
    addEventListener("afterprint", arrange);
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
        restore();
    });
    for (const control of [level, status, words]) control.addEventListener("input", show);
    foldAll(false);
    show();
    find(".tools").hidden = false;
}
