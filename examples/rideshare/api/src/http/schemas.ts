import { Type } from "typebox";

export const Point = Type.Object({
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  lng: Type.Number({ minimum: -180, maximum: 180 }),
});

export const Place = Type.Object({
  ...Point.properties,
  label: Type.Optional(Type.String({ maxLength: 120 })),
});

export const Way = Type.Object({ pickup: Place, dropoff: Place });

// At least one character that is no space.
const visible = "\\S";

const person = {
  name: Type.String({ minLength: 1, maxLength: 80, pattern: visible }),
  email: Type.String({ maxLength: 254, pattern: "^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$" }),
  // scrypt takes any length; the upper bound keeps a request cheap.
  password: Type.String({ minLength: 8, maxLength: 200 }),
};

export const NewRider = Type.Object(person);

export const NewDriver = Type.Object({
  ...person,
  vehicle: Type.String({ minLength: 1, maxLength: 80, pattern: visible }),
  plate: Type.String({ minLength: 1, maxLength: 16, pattern: visible }),
});

export const Credentials = Type.Object({
  email: Type.String({ maxLength: 254 }),
  password: Type.String({ maxLength: 200 }),
});

export const Availability = Type.Object({ available: Type.Boolean() });

export const NearbyQuery = Type.Object({
  ...Point.properties,
  radiusM: Type.Number({ minimum: 1, maximum: 50_000, default: 5_000 }),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
});

export const HistoryQuery = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) });

const uuid = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

export const ById = Type.Object({ id: Type.String({ pattern: uuid }) });
