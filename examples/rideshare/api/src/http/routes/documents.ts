import multipart from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import { AppError } from "../../app-error.ts";
import type { DocumentKind, Documents, StoredDocument } from "../../documents/documents.ts";
import type { App } from "../app-type.ts";
import { ById } from "../schemas.ts";
import { accountOf, type Guard } from "../sign-in-guard.ts";

const maxBytes = 5 * 1024 * 1024;

export const documentRoutes = async (
  app: App,
  { documents, guard }: { documents: Documents; guard: Guard },
): Promise<void> => {
  await app.register(multipart, { limits: { fileSize: maxBytes, files: 1, fields: 5, parts: 6 } });

  for (const kind of ["photo", "licence"] satisfies DocumentKind[]) {
    app.put(
      `/api/driver/documents/${kind}`,
      { ...guard("driver"), bodyLimit: maxBytes + 64 * 1024 },
      async (request, reply) => {
        await documents.put(accountOf(request).id, kind, await uploadedFile(request));
        return reply.code(204).send();
      },
    );
  }

  app.get("/api/drivers/:id/photo", { schema: { params: ById } }, async (request, reply) =>
    sendDocument(request, reply, {
      document: await documents.get(request.params.id, "photo"),
      cacheControl: "public, max-age=300",
    }),
  );
  app.get("/api/driver/documents/licence", guard("driver"), async (request, reply) =>
    sendDocument(request, reply, {
      document: await documents.get(accountOf(request).id, "licence"),
      cacheControl: "private, no-cache",
    }),
  );
};

const uploadedFile = async (request: FastifyRequest): Promise<Buffer> => {
  if (!request.isMultipart()) {
    throw new AppError("UNSUPPORTED_TYPE", "Send the file as multipart/form-data in the field `file`.");
  }
  const part = await request.file();
  if (!part || part.fieldname !== "file") throw new AppError("BAD_INPUT", "The field `file` is missing.");
  const bytes = await part.toBuffer();
  // It looks for this only when a chunk arrives: what was cut off exactly between two chunks would pass.
  if (part.file.truncated) throw new AppError("TOO_LARGE", "The file is larger than 5 MB.");
  return bytes;
};

const sendDocument = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { document, cacheControl }: { document: StoredDocument; cacheControl: string },
): Promise<FastifyReply> => {
  const etag = `"${document.sha256}"`;
  void reply.headers({ etag, "cache-control": cacheControl, "x-content-type-options": "nosniff" });
  const known = request.headers["if-none-match"]?.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known?.includes(etag) || known?.includes("*")) return reply.code(304).send();
  return reply.type(document.contentType).send(await document.read());
};
