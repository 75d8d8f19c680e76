/**
 * Hunt: random runs of the core.
 *
 * @module
 */
import { huntWeather } from "../hunters/core-weather.js";
import { serve } from "./serve.js";

await serve((seed) => huntWeather(seed));
