package gbt32960

import (
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960/frame"
)

// Reasons of dead letters beside those of package ingest.
const (
	ReasonBadFrame       = "bad_frame"       // length or check byte wrong, or no frame at all
	ReasonEncrypted      = "encrypted"       // the data unit is enciphered
	ReasonUnknownInfo    = "unknown_info"    // a type of information without a known length
	ReasonShortInfo      = "short_info"      // the data unit ends in the middle of information
	ReasonNotLoggedIn    = "not_logged_in"   // a frame before the connection's login
	ReasonUnknownCommand = "unknown_command" // a command that is not taken
)

// Topic levels below gbt32960/{vin}/.
const (
	topicPrefix = "gbt32960/"
	kindFrame   = "frame"        // of the gateway: one frame as it came
	kindEarly   = "before_login" // of the gateway: a frame that came before the login
	kindNoise   = "noise"        // of the gateway: bytes that are not frames
	kindUp      = "upstream"     // of EMQX
)

// Topics are those of one vehicle at EMQX's GB/T 32960 gateway, with {vin} in
// the place of the VIN. The topics of our own Gateway are not among them:
// nobody may publish frames over MQTT.
func (*Decoder) Topics() []string {
	var out []string
	for _, what := range []string{"vlogin", "info", "reinfo", "vlogout"} {
		out = append(out, topicPrefix+"{vin}/"+kindUp+"/"+what)
	}
	return out
}

// usualReadings is room for what a car sends at once.
const usualReadings = 36

// frameTopic is where the gateway submits what vin sent; "-" stands for nobody.
func frameTopic(vin presage.VIN, kind string) string {
	if vin == "" {
		vin = "-"
	}
	return topicPrefix + string(vin) + "/" + kind
}

// Decoder reads the gateway's frames and EMQX's JSON. It is an ingest.Format:
// one goroutine at a time.
type Decoder struct {
	tables *tables
	rising *rising
	absent *prometheus.CounterVec // code
}

// NewDecoder makes a Decoder. The Registerer may be nil.
func NewDecoder(r prometheus.Registerer) *Decoder {
	return &Decoder{
		tables: newTables(), rising: newRising(),
		absent: promauto.With(r).NewCounterVec(prometheus.CounterOpts{
			Namespace: "presage", Subsystem: "gbt32960", Name: "absent_values_total",
			Help: "Registers without a value, by the code that says so: abnormal (0xFE...) or invalid (0xFF...).",
		}, []string{"code"}),
	}
}

// Name is the format's label in metrics.
func (*Decoder) Name() string { return "gbt32960" }

// Matches tells whether the topic is gbt32960/...
func (*Decoder) Matches(topic string) bool { return strings.HasPrefix(topic, topicPrefix) }

// Decode reads a frame of the gateway or a document of EMQX. The VIN inside
// must be that of the topic. A frame that can be read in part only gives that
// part and a fault.
func (d *Decoder) Decode(m ingest.Message) (ingest.Decoded, error) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(m.Topic, topicPrefix), "/")
	kind, what, _ := strings.Cut(rest, "/")
	switch kind {
	case kindNoise:
		return ingest.Decoded{}, refuse(ReasonBadFrame,
			fmt.Sprintf("%d bytes that are not frames: the terminal or the line garbles what it sends", len(m.Payload)))
	case kindEarly:
		return ingest.Decoded{}, refuse(ReasonNotLoggedIn,
			"a frame before the vehicle's login: the terminal must log in first")
	}
	vin, err := presage.ParseVIN(id)
	if err != nil {
		return ingest.Decoded{}, refuse(ingest.ReasonWrongVIN, err.Error())
	}
	var got ingest.Decoded
	o := &output{vin: vin, readings: make([]presage.Reading, 0, usualReadings)}
	switch {
	case kind == kindFrame && what == "":
		got, err = d.frame(o, m.Payload)
	case kind == kindUp:
		got, err = d.document(o, what, m.Payload)
	default:
		err = refuse(ingest.ReasonBadTopic, "want gbt32960/{vin}/upstream/info, reinfo, vlogin or vlogout")
	}
	got.VIN = vin
	return got, err
}

// earliest is before every terminal of this standard: an older time is of a clock
// that was never set, which counts from 2000.
func earliest() time.Time { return time.Date(2010, 1, 1, 0, 0, 0, 0, frame.Beijing()) }

// checkTime refuses what no terminal's clock can show once it is set.
func checkTime(at time.Time, err error) error {
	switch {
	case err != nil:
		return refuse(ingest.ReasonMissingTime, err.Error())
	case at.Before(earliest()):
		return refuse(ingest.ReasonMissingTime, "a time before 2010: the terminal's clock was never set; "+
			"let it ask for the time (command 0x08) after its login")
	}
	return nil
}

// Forget says that the last message of vin was turned away after all: its
// alarms were told to nobody and count as new once more.
func (d *Decoder) Forget(vin presage.VIN) { d.rising.forget(vin) }

// decoded is what a real-time message has come to.
func (d *Decoder) decoded(o *output) ingest.Decoded {
	o.finish()
	d.absent.WithLabelValues("invalid").Add(float64(o.invalid))
	d.absent.WithLabelValues("abnormal").Add(float64(o.abnormal))
	got := ingest.Decoded{Events: d.rising.events(o), Unknown: o.unknown()}
	if s, ok := o.sample(); ok {
		got.Samples = []presage.Sample{s}
	}
	if o.bad > 0 {
		got.Faults = append(got.Faults, ingest.Fault{Reason: ingest.ReasonBadValue, Detail: o.firstBad, Count: o.bad})
	}
	return got
}

func refuse(reason, detail string) error { return &ingest.RefusedError{Reason: reason, Detail: detail} }
