// A vehicle by MQTT.js: publishes one reading with each QoS and waits for the acknowledgements.
//
// mqttjs_client.mjs MODULE URL VIN CLIENT_ID VERSION [CA CERT KEY]     MODULE is the folder of the package mqtt
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [module, url, vin, clientId, version, ...files] = process.argv.slice(2);
const mqtt = createRequire(module + "/package.json")(module);
const options = { clientId, username: vin, password: "x", protocolVersion: Number(version), reconnectPeriod: 0 };
if (version === "3") options.protocolId = "MQIsdp";
if (files.length) [options.ca, options.cert, options.key] = files.map((f) => readFileSync(f));
const client = await mqtt.connectAsync(url, options);
await client.subscribeAsync(`presage/v1/${vin}/command`, { qos: 1 });
for (const qos of [0, 1, 2]) {
	const document = { ts: 1_778_000_000_000 + 1000 * qos, signals: { "Vehicle.Speed": qos } };
	await client.publishAsync(`presage/v1/${vin}/telemetry`, JSON.stringify(document), { qos });
}
await client.endAsync();
