"""A vehicle by Python's paho-mqtt: publishes one reading with each QoS and waits for the acknowledgements.

paho_client.py URL VIN CLIENT_ID VERSION [CA CERT KEY]     URL is tcp://, mqtts://, ws:// or wss://
"""
import json
import ssl
import sys
import threading
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt

url, vin, client_id, version, *files = sys.argv[1:]
at = urlsplit(url)
c = mqtt.Client(
    mqtt.CallbackAPIVersion.VERSION2, client_id=client_id, transport="websockets" if at.scheme in ("ws", "wss") else "tcp",
    protocol={"3": mqtt.MQTTv31, "4": mqtt.MQTTv311, "5": mqtt.MQTTv5}[version])
c.username_pw_set(vin, "x")
if files:
    c.tls_set(files[0], files[1], files[2], tls_version=ssl.PROTOCOL_TLS_CLIENT)
answered, subscribed = threading.Event(), threading.Event()
answer = []


def on_connect(_c, _u, _f, code, _p):
    answer.append(str(code))
    answered.set()


c.on_connect = on_connect
c.on_subscribe = lambda *_: subscribed.set()
c.connect(at.hostname, at.port, 30)
c.loop_start()
if not answered.wait(20) or answer[0] != "Success":
    sys.exit(f"CONNECT: {answer}")
c.subscribe(f"presage/v1/{vin}/command", 1)
if not subscribed.wait(20):
    sys.exit("no SUBACK")
for qos in range(3):
    document = {"ts": 1_778_000_000_000 + 1000 * qos, "signals": {"Vehicle.Speed": qos}}
    m = c.publish(f"presage/v1/{vin}/telemetry", json.dumps(document), qos)
    m.wait_for_publish(20)
    if not m.is_published():
        sys.exit(f"QoS {qos} is not acknowledged")
c.disconnect()
c.loop_stop()
