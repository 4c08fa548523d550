package gbt32960

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960/frame"
)

// frame reads one frame that the connection of o.vin sent.
func (d *Decoder) frame(o *output, payload []byte) (ingest.Decoded, error) {
	f, err := frame.Parse(payload)
	if err != nil {
		return ingest.Decoded{}, refuse(ReasonBadFrame, err.Error())
	}
	if f.VIN != string(o.vin) {
		return ingest.Decoded{}, refuse(ingest.ReasonForeignVIN, "the frame speaks for another vehicle than its connection")
	}
	if f.Encryption != frame.NoEncryption {
		return ingest.Decoded{}, refuse(ReasonEncrypted, fmt.Sprintf(
			"the data unit is enciphered (%s): set the terminal to send it in the clear, over a private line", f.Encryption))
	}
	switch f.Command {
	case frame.Realtime, frame.Reissue, frame.Login, frame.Logout:
	default:
		return ingest.Decoded{}, refuse(ReasonUnknownCommand,
			fmt.Sprintf("command 0x%02X (%s) is not taken", byte(f.Command), f.Command))
	}
	o.at, err = frame.Time(f.Data)
	if err := checkTime(o.at, err); err != nil {
		return ingest.Decoded{}, err
	}
	data := f.Data[frame.TimeBytes:]
	switch f.Command {
	case frame.Login, frame.Logout:
		return ingest.Decoded{Events: []presage.Event{session(o, f.Command.String(), f.Version.String(), data)}}, nil
	default:
		fault := d.information(o, f.Version, data)
		got := d.decoded(o)
		if fault != nil {
			got.Faults = append(got.Faults, *fault)
		}
		return got, nil
	}
}

// information reads what follows a frame's time, as far as it can be read.
func (d *Decoder) information(o *output, version frame.Version, data []byte) *ingest.Fault {
	readers := d.tables.v2016
	if version == frame.V2025 {
		readers = d.tables.v2025
	}
	s := &bytesSource{b: data, v2025: version == frame.V2025}
	for len(s.b) > 0 {
		kind := s.b[0]
		s.b = s.b[1:]
		if read, ok := readers[kind]; ok {
			read(s, o)
		} else if kind >= 0x80 && kind <= 0xFE {
			n, _ := s.word("", 2)
			s.take(int(n))
			o.custom++
		} else {
			return &ingest.Fault{Reason: ReasonUnknownInfo, Count: 1, Detail: fmt.Sprintf(
				"information type 0x%02X has no known length in edition %s: the %d bytes behind it are not read",
				kind, version, len(s.b))}
		}
		if errors.Is(s.err, errShort) {
			return &ingest.Fault{Reason: ReasonShortInfo, Count: 1, Detail: fmt.Sprintf(
				"the data unit ends in the middle of information type 0x%02X", kind)}
		}
	}
	return nil
}

// session is the event of a login or a logout. The number of the SIM card that
// a login holds is not kept.
func session(o *output, kind, version string, data []byte) presage.Event {
	var number int
	if len(data) >= 2 {
		number = int(binary.BigEndian.Uint16(data))
	}
	text, err := json.Marshal(struct {
		Source  string `json:"source"`
		Edition string `json:"edition,omitempty"`
		Number  int    `json:"number"` // of the login, counted by the terminal
	}{"gbt32960", version, number})
	if err != nil {
		text = nil // words and a number: cannot happen
	}
	return presage.Event{VIN: o.vin, Time: o.at, Type: kind, Data: text}
}
