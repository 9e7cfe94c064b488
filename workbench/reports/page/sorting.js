// Order of a table by its columns, for every page that has such a table: a head with data-sort becomes a button.
"use strict";

// `arrange` is told how rows are to be compared, or null for their own order. Returns a function that goes back to that.
const sortable = (heads, arrange) => {
    const key = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent;
    const compare = (column, sign) => (one, other) => {
        const [a, b] = [key(one, column), key(other, column)];
        // What has no value stands last in either order.
        if (a === "" || b === "") return (a === "") - (b === "");
        const number = heads[column].dataset.sort === "number";
        return sign * (number ? parseFloat(a) - parseFloat(b) : a.localeCompare(b, "zh-CN"));
    };
    const order = (column, direction) => {
        heads.forEach((head, n) => {
            if (direction && n === column) head.setAttribute("aria-sort", direction);
            else head.removeAttribute("aria-sort");
        });
        arrange(direction ? compare(column, direction === "ascending" ? 1 : -1) : null);
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
    return () => order(0, null);
};

