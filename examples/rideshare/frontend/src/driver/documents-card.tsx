import { useState } from "react";
import type { Account, DriverProfile } from "../api/contract.ts";
import { DriverPhoto } from "../ride/driver-photo.tsx";
import { DocumentUpload } from "./document-upload.tsx";

interface DocumentsCardProps {
  account: Account;
  profile: DriverProfile;
}

export function DocumentsCard({ account, profile }: DocumentsCardProps) {
  const [photoVersion, setPhotoVersion] = useState(0);
  const [hasLicence, setHasLicence] = useState(profile.hasLicence);
  return (
    <section className="card" aria-label="Photo and licence">
      <h2>Photo and licence</h2>
      <div className="driver-card">
        <DriverPhoto
          id={account.id}
          name={account.name}
          hasPhoto={profile.hasPhoto || photoVersion > 0}
          version={photoVersion}
        />
        <p>
          <strong>{account.name}</strong>
          <span>{profile.vehicle}</span>
        </p>
        <span className="plate">{profile.plate}</span>
      </div>
      <DocumentUpload
        kind="photo"
        label="Photo"
        note={
          profile.hasPhoto || photoVersion > 0
            ? "Riders see this photo."
            : "No photo yet: riders see your initials."
        }
        onUploaded={() => setPhotoVersion(Date.now())}
      />
      <DocumentUpload
        kind="licence"
        label="Driving licence"
        note={hasLicence ? "On file." : "Not on file yet."}
        onUploaded={() => setHasLicence(true)}
      />
    </section>
  );
}
