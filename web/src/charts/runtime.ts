/**
 * The parts of Vega that compiled Vega-Lite charts use: no maps, forces, word clouds, trees or diagrams.
 * A fifth smaller than the whole; a chart that needs more fails with the transform's name.
 */
// @ts-types="vega-typings"
import { transforms } from "vega-dataflow";
// @ts-types="vega-typings"
import * as encode from "vega-encode";
// @ts-types="vega-typings"
import * as regression from "vega-regression";
// @ts-types="vega-typings"
import * as data from "vega-transforms";
// @ts-types="vega-typings"
import * as view from "vega-view-transforms";

Object.assign(transforms, data, view, encode, regression);

// @ts-types="vega-typings"
export { parse } from "vega-parser";
// @ts-types="vega-typings"
export { View } from "vega-view";
