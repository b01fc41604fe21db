/** The key in localStorage under which a chosen theme is kept: "light" or "dark"; absent for the system's. */
export const THEME_KEY = "theme";

/** Runs in the document's head, before the first paint, so that a chosen theme does not flash in afterwards. */
export const themeScript = `try{var t=localStorage.getItem("${THEME_KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}`;
