import type { Position } from "../api/contract.ts";

export interface MapLabel extends Position {
  text: string;
  kind: "district" | "water";
  /** Shown on narrow screens too. */
  always?: true;
}

export const mapLabels: readonly MapLabel[] = [
  { text: "Norrmalm", kind: "district", lat: 59.3378, lng: 18.0625, always: true },
  { text: "Vasastan", kind: "district", lat: 59.3476, lng: 18.049, always: true },
  { text: "Östermalm", kind: "district", lat: 59.3375, lng: 18.087, always: true },
  { text: "Gärdet", kind: "district", lat: 59.346, lng: 18.0985 },
  { text: "Kungsholmen", kind: "district", lat: 59.3312, lng: 18.0405, always: true },
  { text: "Gamla stan", kind: "district", lat: 59.325, lng: 18.0715 },
  { text: "Södermalm", kind: "district", lat: 59.3125, lng: 18.065, always: true },
  { text: "Djurgården", kind: "district", lat: 59.3258, lng: 18.115, always: true },
  { text: "Årsta", kind: "district", lat: 59.3015, lng: 18.0405 },
  { text: "Gröndal", kind: "district", lat: 59.311, lng: 18.009 },
  { text: "Solna", kind: "district", lat: 59.3515, lng: 18.0245 },
  { text: "Lidingö", kind: "district", lat: 59.357, lng: 18.1255 },
  { text: "Nacka", kind: "district", lat: 59.306, lng: 18.124 },
  { text: "Riddarfjärden", kind: "water", lat: 59.324, lng: 18.049, always: true },
  { text: "Saltsjön", kind: "water", lat: 59.3188, lng: 18.108, always: true },
  { text: "Årstaviken", kind: "water", lat: 59.3057, lng: 18.0545 },
  { text: "Lilla Värtan", kind: "water", lat: 59.3478, lng: 18.1225 },
];
