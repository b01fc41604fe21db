/**
 * Runs in the document's head. A page that did not arrive whole looks complete, but its forms may not save what is
 * entered, and cannot say so. This script marks the document; the console then shows a notice.
 *
 * "lost": a script that came with the page could not be loaded. A script that is fetched later, for a dialog, is missed
 * by whoever opens it. A script of another origin is none of ours: a proxy or a virus scanner has added it to the page,
 * and our policy blocks it.
 *
 * "cut": for ten seconds nothing has arrived, and the end of the document, or the console's frame at work
 * (`data-frame`), is still awaited. Of a connection that broke, Chromium tells a page nothing: it is "loading" for ever.
 * The mark goes if the rest arrives after all, or another page takes this one's place.
 */
export const lostScriptScript = `addEventListener("error",function(e){if(e.target.tagName==="SCRIPT"&&e.target.src.startsWith(location.origin+"/")&&document.readyState!=="complete")document.documentElement.dataset.scripts="lost"},true);(function(){var marks=document.documentElement.dataset,path=location.pathname,arrived=0,still=0,timer=setInterval(function(){var now=document.getElementsByTagName("*").length+performance.getEntriesByType("resource").length,whole=document.readyState!=="loading"&&(marks.frame||!document.getElementById("main"));still=now===arrived?still+1:0;arrived=now;if(whole||location.pathname!==path){clearInterval(timer);if(marks.scripts==="cut")delete marks.scripts}else if(still>=10)marks.scripts=marks.scripts||"cut";else if(marks.scripts==="cut")delete marks.scripts},1000)})()`;
