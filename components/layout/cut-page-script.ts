/**
 * Runs in the document's head. A page of which only a part has arrived looks complete too (lost-script.ts), and when a
 * connection breaks Chromium tells the page nothing: it is "loading" for ever. This script marks the document as "cut"
 * when neither an element nor a whole file has arrived for ten seconds, while the end of the document or the console's
 * frame at work (`data-frame`) is still awaited. The mark goes if the rest arrives after all, or another page takes this
 * one's place.
 */
export const cutPageScript = `(function () {
  var marks = document.documentElement.dataset, path = location.pathname, arrived = 0, idleSeconds = 0;
  var timer = setInterval(function () {
    var before = arrived;
    arrived = document.getElementsByTagName("*").length + performance.getEntriesByType("resource").length;
    idleSeconds = arrived === before ? idleSeconds + 1 : 0;
    var isWhole = document.readyState !== "loading" && (marks.frame || !document.getElementById("main"));
    var isOver = isWhole || location.pathname !== path;
    if (isOver) clearInterval(timer);
    if (!isOver && idleSeconds >= 10) marks.scripts = marks.scripts || "cut";
    else if (marks.scripts === "cut") delete marks.scripts;
  }, 1000);
})()`;
