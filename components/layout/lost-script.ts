/**
 * Runs in the document's head. Without one of its scripts, a page looks complete, but its forms may not save what is
 * entered, and cannot say so. This script marks the document as "lost" if a script that came with the page could not be
 * loaded; the console then shows a notice. A script that is fetched later, for a dialog, is missed by whoever opens it. A
 * script of another origin is none of ours: a proxy or a virus scanner has added it to the page, and our policy blocks it.
 */
export const lostScriptScript = `addEventListener("error",function(e){if(e.target.tagName==="SCRIPT"&&e.target.src.startsWith(location.origin+"/")&&document.readyState!=="complete")document.documentElement.dataset.scripts="lost"},true)`;
