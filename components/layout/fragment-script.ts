/**
 * Runs in the document's head. A link to a place on the same page makes a history entry without a state, which Next's
 * router ignores: whoever followed one, went on to another page and came back would see that other page under the
 * address of this one. The script gives the new entry the state of the one that the link was followed from. Its timer
 * starts another one, because Firefox follows the link only after the first.
 */
export const fragmentScript = `addEventListener("click",function(e){var s=history.state;if(s&&e.target.closest("a[href^='#']"))setTimeout(function(){setTimeout(function(){if(!history.state)history.replaceState(s,"")})})},true)`;
