package config

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"presage"
	"presage/ingest/door"
	"presage/ingest/mapped"
	"presage/ingest/ovms"
	"presage/ingest/tesla"
)

// FormatNames are what ingest.formats may hold.
func FormatNames() []string {
	return append([]string{"tesla", "ovms", "gbt32960"}, mapped.ShippedNames()...)
}

// Gateway is the account of a server that publishes for many vehicles, such as
// Tesla's fleet-telemetry, at the embedded MQTT server.
type Gateway struct {
	Username string         `json:"username"` // neither a VIN nor "presage"
	Password presage.Secret `json:"password"` // 16 characters or more
	Topics   []string       `json:"topics"`   // MQTT filters that it may publish to, such as telemetry/#
}

// Gateways is a list of accounts: in YAML a list of sections, in a variable or
// a flag the same as JSON.
type Gateways []Gateway

// errGateways never repeats what was given: it holds passwords.
var errGateways = errors.New(
	"want a list of {username: NAME, password: SECRET, topics: [FILTER, ...]} and no other keys")

// read takes the list as a file, a variable or a flag has it.
func (g *Gateways) read(raw any) error {
	text, isText := raw.(string)
	if !isText {
		document, err := json.Marshal(raw)
		if err != nil {
			return errGateways
		}
		text = string(document)
	}
	out := Gateways{}
	if strings.TrimSpace(text) != "" {
		d := json.NewDecoder(strings.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&out); err != nil || d.More() {
			return errGateways
		}
	}
	*g = out
	return nil
}

// formats checks what foreign formats and their servers need.
func (v *check) formats() {
	in, m := v.e.Ingest, v.e.MQTT
	names := FormatNames()
	for i, name := range in.Formats {
		v.require(slices.Contains(names, name), "ingest.formats", "%q: want %s", name, strings.Join(names, " or "))
		v.require(!slices.Contains(in.Formats[:i], name), "ingest.formats", "duplicate format %q", name)
	}
	v.mappings(in)
	_, err := tesla.New(in.TeslaBase)
	v.require(err == nil, "ingest.tesla_base", "%v", err)
	_, err = ovms.For(in.OVMSUsers)
	v.require(err == nil, "ingest.ovms_users", "%v", err)
	v.require(len(in.OVMSUsers) == 0 || m.Broker != "", "ingest.ovms_users",
		"set without mqtt.broker: at our own door a vehicle's user name is its VIN")
	v.require(len(m.Gateways) == 0 || m.Broker == "", "mqtt.gateways",
		"set while mqtt.broker is: at an external broker make the accounts there")
	for i, g := range m.Gateways {
		v.require(g.Password.Reveal() != "***", "mqtt.gateways",
			"password %d is the masked form that `presage config` prints: put the secret itself", i+1)
		err := door.Gateway(g).Validate()
		v.require(err == nil, "mqtt.gateways", "account %d: %v", i+1, err)
		twice := slices.ContainsFunc(m.Gateways[:i], func(o Gateway) bool { return o.Username == g.Username })
		v.require(!twice, "mqtt.gateways", "account %d: duplicate user name", i+1)
	}
}
