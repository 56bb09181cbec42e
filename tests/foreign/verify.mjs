// Judges deliveries with receivers that others wrote. Reads one JSON object a line: {secret, headers, body}; writes one
// a line: {"standardwebhooks": bool, "svix": bool, "parsed": what the body says once both believe it}.
import { createInterface } from "node:readline";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

function believed(Receiver, { secret, headers, body }) {
  try {
    new Receiver(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const delivery = JSON.parse(line);
  const verdict = { standardwebhooks: believed(Standard, delivery), svix: believed(Svix, delivery) };
  const parsed = verdict.standardwebhooks && verdict.svix ? JSON.parse(delivery.body) : null;
  console.log(JSON.stringify({ ...verdict, parsed }));
}
