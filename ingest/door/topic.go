package door

import (
	"slices"
	"strings"

	"presage"
	"presage/ingest"
)

const (
	vinLevel = "{vin}"
	// longestTopic is above that of any format; a longer one is refused.
	longestTopic = 512
)

// user is who a connection has proven to be, or says to be where that is enough.
type user struct {
	vin     presage.VIN // "" for a gateway, an anonymous client and the service
	gateway *Gateway    // nil for everybody else
	service bool
	proven  bool // by a secret or a certificate
}

// name is of metrics and logs: it tells nothing that a client may choose.
func (u user) name() string {
	switch {
	case u.service:
		return "service"
	case u.gateway != nil:
		return "gateway"
	case u.vin != "":
		return "vehicle"
	}
	return "anonymous"
}

// route is what is done with a topic of a connection.
type route struct {
	raw     string // as sent
	topic   string // as handed on
	refused bool
}

// routeOf says what u may do on topic: its own native topics, whatever they end
// with (the pipeline tells what is not a topic), those of the formats, a gateway's
// filters. The VIN of a native topic is handed on in capitals.
func (s *Server) routeOf(u user, topic string) route {
	if len(topic) > longestTopic { // as an alias it would be kept
		topic = strings.Clone(topic[:longestTopic+1])
	}
	r := route{raw: topic, topic: topic, refused: true}
	if topic == "" || len(topic) > longestTopic || strings.ContainsAny(topic, "+#\x00") {
		return r
	}
	switch {
	case u.service:
		r.refused = topic != ingest.ProbeTopic
		return r
	case u.gateway != nil:
		r.refused = !slices.ContainsFunc(u.gateway.Topics, func(f string) bool { return matches(f, topic) })
	default:
		r.refused = !s.ownTopic(u.vin, topic)
	}
	if rest, ok := strings.CutPrefix(topic, ingest.TopicPrefix); ok && !r.refused {
		id, kind, _ := strings.Cut(rest, "/")
		if vin, err := presage.ParseVIN(id); err == nil {
			r.topic = ingest.TopicPrefix + string(vin) + "/" + kind
		}
	}
	return r
}

// ownTopic tells whether topic is one of vin's, of any vehicle's if vin is "".
func (s *Server) ownTopic(vin presage.VIN, topic string) bool {
	if rest, ok := strings.CutPrefix(topic, ingest.TopicPrefix); ok {
		id, _, more := strings.Cut(rest, "/")
		return more && isVIN(vin, id)
	}
	return slices.ContainsFunc(s.cfg.VehicleTopics, func(t string) bool { return ownTemplate(vin, t, topic) })
}

// ownTemplate is matches for a template in which {vin} is vin, or any VIN if
// that is "".
func ownTemplate(vin presage.VIN, template, topic string) bool {
	above, _, _ := strings.Cut(template, vinLevel)
	level := strings.Count(above, "/")
	levels := strings.SplitN(topic, "/", level+2)
	return len(levels) > level && isVIN(vin, levels[level]) &&
		matches(strings.Replace(template, vinLevel, "+", 1), topic)
}

// isVIN tells whether text is vin in any case. An anonymous client may speak for
// any vehicle: what is not a VIN becomes a letter that tells why.
func isVIN(vin presage.VIN, text string) bool {
	return vin == "" || strings.EqualFold(string(vin), text)
}

// routes remembers the last topics of a connection: a vehicle has a handful, a
// gateway thousands.
type routes struct {
	last []route
	next int
	many map[string]route
}

const (
	fewRoutes   = 8    // of a vehicle, compared one by one
	manyRoutes  = 4096 // of a gateway or an anonymous client,
	cachedTopic = 128  // those that are no longer than this: 0.5 MiB of texts
)

func (r *routes) find(raw []byte) (route, bool) {
	if r.many != nil {
		found, ok := r.many[string(raw)]
		return found, ok
	}
	for _, known := range r.last {
		if known.raw == string(raw) {
			return known, true
		}
	}
	return route{}, false
}

func (r *routes) keep(known route) {
	switch {
	case len(known.raw) > cachedTopic:
	case r.many != nil:
		if len(r.many) >= manyRoutes {
			clear(r.many)
		}
		r.many[known.raw] = known
	case len(r.last) < fewRoutes:
		r.last = append(r.last, known)
	default:
		r.last[r.next] = known
		r.next = (r.next + 1) % fewRoutes
	}
}
