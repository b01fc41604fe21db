/** The localStorage key of the chosen theme: "light" or "dark"; absent for the system's theme. */
export const THEME_KEY = "theme";

/** Runs in the document's head, before the first paint, so that the page does not flash in the wrong theme. */
export const themeScript = `try{var t=localStorage.getItem("${THEME_KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}`;
