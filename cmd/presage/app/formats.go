package app

import (
	"fmt"
	"slices"
	"strings"

	"presage"
	"presage/ingest"
	"presage/ingest/door"
	"presage/ingest/gbt32960"
	"presage/ingest/mapped"
	"presage/ingest/mqtt"
	"presage/ingest/ovms"
	"presage/ingest/tesla"
)

// A foreign format and the MQTT topics of one vehicle in it.
type foreignFormat struct {
	ingest.Format
	topics []string // templates with {vin}
}

// formats are the configured ones, in their order.
func (a *App) formats() ([]foreignFormat, error) {
	var out []foreignFormat
	for _, name := range a.cfg.Ingest.Formats {
		switch name {
		case "tesla":
			d, err := tesla.New(a.cfg.Ingest.TeslaBase)
			if err != nil {
				return nil, fmt.Errorf("ingest.tesla_base: %w", err)
			}
			out = append(out, foreignFormat{d, d.Topics()})
		case "ovms":
			d, err := ovms.For(a.cfg.Ingest.OVMSUsers)
			if err != nil {
				return nil, fmt.Errorf("ingest.ovms_users: %w", err)
			}
			out = append(out, foreignFormat{d, d.Topics()})
		case "gbt32960":
			d := gbt32960.NewDecoder(a.registry)
			out = append(out, foreignFormat{d, d.Topics()})
		default:
			if !slices.Contains(mapped.ShippedNames(), name) {
				return nil, fmt.Errorf("ingest.formats: %w: %q", presage.ErrInvalid, name)
			}
		}
	}
	// Without EMQX's JSON, what it reads comes by the gateway alone.
	if a.cfg.GBT32960.Addr != "" && !slices.Contains(a.cfg.Ingest.Formats, "gbt32960") {
		out = append(out, foreignFormat{gbt32960.NewDecoder(a.registry), nil})
	}
	return a.mappings(out)
}

// mappings adds those that come with Presage and those of files.
func (a *App) mappings(to []foreignFormat) ([]foreignFormat, error) {
	mappings, err := a.cfg.Ingest.Mapped()
	if err != nil {
		return nil, fmt.Errorf("ingest.mappings: %w", err)
	}
	for _, m := range mappings {
		to = append(to, foreignFormat{m, m.Topics()})
	}
	return to, nil
}

// decoders are what the pipeline reads foreign messages with.
func decoders(formats []foreignFormat) []ingest.Format {
	var out []ingest.Format
	for _, f := range formats {
		out = append(out, f.Format)
	}
	return out
}

// vehicleTopics are the templates of all formats.
func vehicleTopics(formats []foreignFormat) []string {
	var out []string
	for _, f := range formats {
		out = append(out, f.topics...)
	}
	return out
}

// subscriptions are the native filters and those of all formats.
func subscriptions(formats []foreignFormat) []string {
	out := mqtt.NativeTopics()
	for _, template := range vehicleTopics(formats) {
		out = append(out, strings.ReplaceAll(template, "{vin}", "+"))
	}
	return out
}

// shared are the filters by which a group of processes shares a broker's messages out.
func shared(group string, filters []string) []string {
	if group == "" {
		return filters
	}
	out := make([]string, len(filters))
	for i, f := range filters {
		out[i] = "$share/" + group + "/" + f
	}
	return out
}

// gateways are the accounts of servers that publish for many vehicles.
func (a *App) gateways() []door.Gateway {
	out := make([]door.Gateway, 0, len(a.cfg.MQTT.Gateways))
	for _, g := range a.cfg.MQTT.Gateways {
		out = append(out, door.Gateway(g))
	}
	return out
}
