import type { Queryable } from "../database/pool.ts";
import type { Point } from "../rides/place.ts";
import type { PositionIndex } from "./position-index.ts";

export interface DriverProfile {
  vehicle: string;
  plate: string;
  available: boolean;
  position: Point | null;
  hasPhoto: boolean;
  hasLicence: boolean;
}

export interface Drivers {
  profile(driverId: string): Promise<DriverProfile>;
  moveTo(driverId: string, position: Point): Promise<void>;
  setAvailable(driverId: string, available: boolean): Promise<void>;
}

/** The database is written first and is the truth; the index follows. */
export const makeDrivers = (database: Queryable, index: PositionIndex | null): Drivers => ({
  async profile(driverId) {
    const { rows } = await database.query<
      Omit<DriverProfile, "position"> & { lat: number | null; lng: number | null }
    >(
      `select vehicle, plate, available, lat, lng,
         exists (select from driver_documents where driver_id = $1 and kind = 'photo') as "hasPhoto",
         exists (select from driver_documents where driver_id = $1 and kind = 'licence') as "hasLicence"
       from drivers where account_id = $1`,
      [driverId],
    );
    const { lat, lng, ...rest } = rows[0]!;
    return { ...rest, position: lat === null || lng === null ? null : { lat, lng } };
  },
  async moveTo(driverId, { lat, lng }) {
    const { rows } = await database.query<{ available: boolean }>(
      "update drivers set lat = $2, lng = $3, position_at = now() where account_id = $1 returning available",
      [driverId, lat, lng],
    );
    if (rows[0]?.available) await index?.put(driverId, { lat, lng });
  },
  async setAvailable(driverId, available) {
    const { rows } = await database.query<{ lat: number | null; lng: number | null }>(
      "update drivers set available = $2 where account_id = $1 returning lat, lng",
      [driverId, available],
    );
    const { lat, lng } = rows[0]!;
    if (available && lat !== null && lng !== null) await index?.put(driverId, { lat, lng });
    if (!available) await index?.remove(driverId);
  },
});

/** Positions of everybody on duty, to fill the index with. */
export const positionsOnDuty = async (database: Queryable): Promise<({ id: string } & Point)[]> => {
  const { rows } = await database.query<{ id: string } & Point>(
    "select account_id as id, lat, lng from drivers where available and lat is not null",
  );
  return rows;
};
