import { cleanOwnEnv } from "../environment";

/** What runs without a database runs without what is set for one, too. */
export default function setup(): void {
  cleanOwnEnv();
}
