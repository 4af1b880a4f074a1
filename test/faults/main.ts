// npm run test:faults [-- runs [first seed]]: reloads and kills the gateway under traffic, then kills it at seeded durable
// steps; each time the ledger is balanced.
import { orderLedger, orderOf } from "./order.ts";
import { Random } from "./random.ts";
import { ledgerLine, sweep } from "./sweep.ts";
import { plan } from "./plan.ts";
import { trafficText } from "./traffic/ledger.ts";
import { traffic } from "./traffic/traffic.ts";

const [runs = 300, firstSeed = 1] = process.argv.slice(2).map(Number);
const AT_ONCE = 2;
const CONVERSATIONS = 200;

const reloaded = await traffic({
  seed: firstSeed,
  messages: 10_000,
  kills: 10,
  perSecond: 150,
  conversations: 400,
  limitMs: 900_000,
});
console.log(trafficText(reloaded));
const order = await orderOf(firstSeed, CONVERSATIONS, 5);
console.log(orderLedger(CONVERSATIONS, order), order.faults.slice(0, 6).join("\n"));
const steps = (await sweep({ seed: 0, kills: [] })).steps;
console.log(`${steps} durable steps without a fault; ${runs} runs from seed ${firstSeed}`);
let next = firstSeed;
let failed = Number(reloaded.faults.length > 0) + Number(order.faults.length > 0);
let deaths = 0;
const worker = async () => {
  while (next < firstSeed + runs) {
    const seed = next++;
    const result = await sweep({ seed, kills: plan(new Random(seed ^ 0x5eed), steps) }).catch((error: unknown) => {
      failed++;
      console.log(`seed ${seed}: ${String(error)}`);
    });
    if (!result) continue;
    console.log(ledgerLine(result));
    deaths += result.died.length;
    if (result.faults.length > 0) failed++;
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));
console.log(`${runs} runs, ${deaths} kills, ${failed} not balanced`);
process.exitCode = failed === 0 ? 0 : 1;
