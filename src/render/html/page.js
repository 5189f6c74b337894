// Tables sort by a click on a column's head; without script they read the same.
(function () {
  "use strict";
  var value = function (row, at) {
    var cell = row.cells[at];
    return cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === "" ? null : Number(cell.dataset.v);
  };
  var compare = function (one, other) {
    if (one === null || other === null) return one === other ? 0 : one === null ? 1 : -1;
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one).localeCompare(String(other));
  };
  document.querySelectorAll("table").forEach(function (table) {
    var body = table.tBodies[0];
    // What is cut off would be missing at one end.
    if (body.rows.length < 2 || "cut" in table.dataset) return;
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, at) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.map.call(body.rows, function (row, place) { return [value(row, at), place, row]; });
        rows.sort(function (one, other) {
          var missing = one[0] === null || other[0] === null;
          var order = compare(one[0], other[0]);
          return (down && !missing ? -order : order) || one[1] - other[1];
        });
        rows.forEach(function (row) { body.appendChild(row[2]); });
      });
    });
  });
})();
