"use client";

import { createContext } from "react";

/** The administrator's own address, for the password managers that fill in `YourPasswordField`. */
export const YourAddress = createContext("");
