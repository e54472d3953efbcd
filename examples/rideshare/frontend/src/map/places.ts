import type { Position } from "../api/contract.ts";

export interface Place extends Position {
  id: string;
  label: string;
}

/** The places a rider or driver can pick without touching the map. */
export const places: readonly Place[] = [
  { id: "t-centralen", label: "T-Centralen", lat: 59.331, lng: 18.059 },
  { id: "stadshuset", label: "Stadshuset", lat: 59.3285, lng: 18.0545 },
  { id: "gamla-stan", label: "Gamla stan", lat: 59.3243, lng: 18.0678 },
  { id: "slussen", label: "Slussen", lat: 59.3198, lng: 18.0722 },
  { id: "medborgarplatsen", label: "Medborgarplatsen", lat: 59.3143, lng: 18.0735 },
  { id: "skanstull", label: "Skanstull", lat: 59.3079, lng: 18.0763 },
  { id: "hornstull", label: "Hornstull", lat: 59.3158, lng: 18.034 },
  { id: "fridhemsplan", label: "Fridhemsplan", lat: 59.3327, lng: 18.0291 },
  { id: "odenplan", label: "Odenplan", lat: 59.343, lng: 18.0497 },
  { id: "stureplan", label: "Stureplan", lat: 59.3362, lng: 18.0733 },
  { id: "karlaplan", label: "Karlaplan", lat: 59.3387, lng: 18.0912 },
  { id: "skansen", label: "Skansen", lat: 59.3248, lng: 18.0972 },
  { id: "ropsten", label: "Ropsten", lat: 59.357, lng: 18.102 },
  { id: "hammarby-sjostad", label: "Hammarby sjöstad", lat: 59.3033, lng: 18.0985 },
];
