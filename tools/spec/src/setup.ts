import { watchFetch } from "./watch.ts";

watchFetch();
