/**
 * Runs in the document's head. Without one of its scripts, a page looks complete, but its forms may not save what is
 * entered, and cannot say so. This script marks the document if a script that came with the page could not be loaded;
 * the console then shows a notice. A script that is fetched later, for a dialog, is missed by whoever opens it.
 */
export const lostScriptScript = `addEventListener("error",function(e){if(e.target.tagName==="SCRIPT"&&document.readyState!=="complete")document.documentElement.dataset.scripts="lost"},true)`;
