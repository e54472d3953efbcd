import type { Point } from "../rides/place.ts";

/** Known to everyone and therefore worth nothing: seed only where strangers may come in. */
export const demoPassword = "rideshare-demo";

export interface SeedDriver {
  name: string;
  email: string;
  vehicle: string;
  plate: string;
  home: Point;
}

const drivers: [name: string, vehicle: string, plate: string, lat: number, lng: number][] = [
  ["Astrid Lindqvist", "Volvo EX30, blue", "ABC 12D", 59.3326, 18.0649],
  ["Bashir Haddad", "Tesla Model 3, white", "KLM 45F", 59.3293, 18.0686],
  ["Cecilia Nyström", "Kia EV6, grey", "PRS 78G", 59.3152, 18.0715],
  ["Dawit Tesfaye", "Toyota Corolla, silver", "TUV 23H", 59.3422, 18.0502],
  ["Elin Bergström", "Polestar 2, black", "XYZ 56J", 59.3361, 18.0873],
  ["Farhad Karimi", "VW ID.4, red", "BCD 89K", 59.3189, 18.0354],
  ["Greta Åkesson", "Renault Zoe, green", "EFG 34L", 59.3081, 18.0812],
  ["Henrik Sjöberg", "BMW i4, blue", "HJK 67M", 59.3476, 18.0311],
  ["Ines Moreno", "Hyundai Ioniq 5, white", "LMN 91N", 59.3255, 18.0997],
  ["Jonas Ekman", "Skoda Enyaq, grey", "OPR 13P", 59.3538, 18.0702],
  ["Kaisa Virtanen", "Nissan Leaf, yellow", "STU 46R", 59.3017, 18.0512],
  ["Liam O'Brien", "Volvo V60, black", "VXY 79S", 59.3388, 18.1154],
];

/** The first is `driver@example.test`; the others are `driver2@example.test` and so on. */
export const seedDrivers: SeedDriver[] = drivers.map(([name, vehicle, plate, lat, lng], i) => ({
  name,
  email: `driver${i === 0 ? "" : i + 1}@example.test`,
  vehicle,
  plate,
  home: { lat, lng },
}));

export const seedRiders = [
  { name: "Robin Rider", email: "rider@example.test" },
  { name: "Maja Holm", email: "rider2@example.test" },
  { name: "Oskar Wallin", email: "rider3@example.test" },
];
