import { useState } from "react";
import { photoPath } from "../api/api.ts";

interface DriverPhotoProps {
  id: string;
  name: string;
  hasPhoto: boolean;
  /** Changes when a new photo was uploaded, so that the old one is not shown from the cache. */
  version?: number;
}

export function DriverPhoto({ id, name, hasPhoto, version = 0 }: DriverPhotoProps) {
  const source = `${photoPath(id)}${version ? `?v=${version}` : ""}`;
  const [brokenSource, setBrokenSource] = useState<string>();
  if (!hasPhoto || brokenSource === source)
    return (
      <span className="photo photo-initials" aria-hidden="true">
        {initials(name)}
      </span>
    );
  return (
    <img className="photo" src={source} alt={`Photo of ${name}`} onError={() => setBrokenSource(source)} />
  );
}

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0).toUpperCase())
    .slice(0, 2)
    .join("");
