package door

import (
	"fmt"
	"slices"
	"strings"

	"presage"
)

// serviceName is the user name of the service's own account, which alone may
// publish probes.
const serviceName = "presage"

// Gateway is the account of a server that publishes for many vehicles, such as
// Tesla's fleet-telemetry. It may publish to what Topics match and subscribe to
// nothing.
type Gateway struct {
	Username string // neither a VIN nor the service's; at most 64 characters
	Password presage.Secret
	Topics   []string // MQTT filters, e.g. "telemetry/#"
}

func (s *Server) gateway(name string) (Gateway, bool) {
	i := slices.IndexFunc(s.cfg.Gateways, func(g Gateway) bool { return g.Username == name })
	if i < 0 {
		return Gateway{}, false
	}
	return s.cfg.Gateways[i], true
}

// matches tells whether an MQTT filter matches a topic (MQTT 3.1.1, section
// 4.7): + is one level, # the rest, with the level above it.
func matches(filter, topic string) bool {
	for {
		f, filterRest, filterMore := strings.Cut(filter, "/")
		if f == "#" {
			return true
		}
		t, topicRest, topicMore := strings.Cut(topic, "/")
		if f != "+" && f != t {
			return false
		}
		switch {
		case !filterMore && !topicMore:
			return true
		case !topicMore:
			return filterRest == "#"
		case !filterMore:
			return false
		}
		filter, topic = filterRest, topicRest
	}
}

// CheckFilter tells, as an ErrInvalid, why an MQTT filter cannot be a
// permission: wildcards stand alone in their level, # last; there are no empty
// levels or spaces, nothing under $ and no wildcard in the first level.
func CheckFilter(filter string) error {
	levels := strings.Split(filter, "/")
	for i, level := range levels {
		switch {
		case level == "":
			return fmt.Errorf("%w filter %q: an empty level", presage.ErrInvalid, filter)
		case level == "#" && i == len(levels)-1 && i > 0, level == "+" && i > 0:
		case strings.ContainsAny(level, "+# \t\r\n\f\x00\x7f"):
			return fmt.Errorf("%w filter %q: level %d: want a name, or + or (last) # below a first level",
				presage.ErrInvalid, filter, i+1)
		}
	}
	if first := levels[0]; strings.HasPrefix(first, "$") {
		return fmt.Errorf("%w filter %q: topics under $ are the service's own", presage.ErrInvalid, filter)
	}
	return nil
}

func topicFaults(templates []string) (faults []error) {
	for _, t := range templates {
		err := CheckFilter(strings.Replace(t, vinLevel, "VIN", 1))
		if err == nil && !slices.Contains(strings.Split(t, "/"), vinLevel) {
			err = fmt.Errorf("%w %q: want {vin} as one of its levels", presage.ErrInvalid, t)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("mqtt.VehicleTopics: %w", err))
		}
	}
	return faults
}

func gatewayFaults(gateways []Gateway) (faults []error) {
	for i, g := range gateways {
		if err := g.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("mqtt.Gateways[%d]: %w", i, err))
		}
		if slices.ContainsFunc(gateways[:i], func(o Gateway) bool { return o.Username == g.Username }) {
			faults = append(faults, fmt.Errorf("mqtt.Gateways[%d]: %w: duplicate user name", i, presage.ErrInvalid))
		}
	}
	return faults
}

// Validate names the first fault; its text holds neither user name nor password.
func (g Gateway) Validate() error {
	_, vin := presage.ParseVIN(g.Username)
	switch {
	case g.Username == "" || len(g.Username) > 64 || strings.ContainsAny(g.Username, " \t\r\n\x00"):
		return fmt.Errorf("%w user name: want 1 to 64 characters without spaces", presage.ErrInvalid)
	case vin == nil || strings.EqualFold(g.Username, serviceName):
		return fmt.Errorf("%w user name: a VIN is a vehicle's, %q the service's own", presage.ErrInvalid, serviceName)
	case len(g.Password) < 16:
		return fmt.Errorf("%w password: shorter than 16 characters: make one with openssl rand -hex 16", presage.ErrInvalid)
	case len(g.Topics) == 0:
		return fmt.Errorf("%w topics: none: want filters such as telemetry/#", presage.ErrInvalid)
	}
	for _, filter := range g.Topics {
		if err := CheckFilter(filter); err != nil {
			return fmt.Errorf("topics: %w", err)
		}
	}
	return nil
}
