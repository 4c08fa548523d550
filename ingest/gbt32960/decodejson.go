package gbt32960

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960/frame"
)

// document is EMQX's JSON of one frame. Numbers are raw registers.
type document struct {
	Cmd     int     `json:"Cmd"`
	Encrypt *int    `json:"Encrypt"`
	VIN     *string `json:"Vin"`
	Data    struct {
		Time *struct {
			Year, Month, Day, Hour, Minute, Second int
		} `json:"Time"`
		Seq   uint16          `json:"Seq"`
		Infos json.RawMessage `json:"Infos"`
	} `json:"Data"`
}

// document reads what EMQX published for o.vin under upstream/what.
func (d *Decoder) document(o *output, what string, payload []byte) (ingest.Decoded, error) {
	commands := map[string]frame.Command{
		"vlogin": frame.Login, "info": frame.Realtime, "reinfo": frame.Reissue, "vlogout": frame.Logout,
	}
	command, ok := commands[what]
	if !ok {
		return ingest.Decoded{}, refuse(ingest.ReasonBadTopic,
			"want gbt32960/{vin}/upstream/info, reinfo, vlogin or vlogout")
	}
	var doc document
	if fault := doc.read(payload); fault != nil {
		return ingest.Decoded{}, fault
	}
	if *doc.VIN != string(o.vin) {
		return ingest.Decoded{}, refuse(ingest.ReasonForeignVIN, `"Vin" is another vehicle's than the topic's`)
	}
	if doc.Cmd != int(command) {
		return ingest.Decoded{}, refuse(ReasonUnknownCommand,
			fmt.Sprintf(`"Cmd" is %d, want %d under upstream/%s`, doc.Cmd, command, what))
	}
	t := doc.Data.Time
	var err error
	o.at, err = frame.Date([...]int{t.Year, t.Month, t.Day, t.Hour, t.Minute, t.Second})
	if err := checkTime(o.at, err); err != nil {
		return ingest.Decoded{}, err
	}
	if command == frame.Login || command == frame.Logout {
		number := binary.BigEndian.AppendUint16(nil, doc.Data.Seq)
		return ingest.Decoded{Events: []presage.Event{session(o, command.String(), "", number)}}, nil
	}
	o.room = frame.MaxBytes
	fault := d.infos(o, doc.Data.Infos)
	got := d.decoded(o)
	if fault != nil {
		got.Faults = append(got.Faults, *fault)
	}
	return got, nil
}

// read takes the document apart and checks that it is one.
func (doc *document) read(payload []byte) error {
	if len(payload) > ingest.MaxForeign {
		return refuse(ingest.ReasonTooLarge, fmt.Sprintf("%d bytes, at most %d", len(payload), ingest.MaxForeign))
	}
	if err := json.Unmarshal(payload, doc); err != nil {
		return refuse(ingest.ReasonMalformed, err.Error())
	}
	switch {
	case doc.VIN == nil:
		return refuse(ingest.ReasonForeignVIN, `"Vin" is missing`)
	case doc.Encrypt != nil && *doc.Encrypt != int(frame.NoEncryption):
		return refuse(ReasonEncrypted, fmt.Sprintf(`"Encrypt" is %d: EMQX passes on what it cannot decipher`, *doc.Encrypt))
	case doc.Data.Time == nil:
		return refuse(ingest.ReasonMissingTime, `"Data"."Time" is missing`)
	}
	return nil
}

// infos reads every piece of information; one of a type that is not known costs
// itself alone.
func (d *Decoder) infos(o *output, raw json.RawMessage) *ingest.Fault {
	infos := (&jsonSource{members: members{"Infos": raw}, o: o}).list("Infos", maxGroups)
	var unknown []string
	for _, one := range infos {
		var info members
		if err := json.Unmarshal(one, &info); err != nil {
			info = nil
		}
		var word string
		if err := json.Unmarshal(info["Type"], &word); err != nil {
			word = ""
		}
		read, ok := d.tables.words[word]
		if !ok {
			unknown = append(unknown, word)
			continue
		}
		read(&jsonSource{members: info, o: o}, o)
	}
	if len(unknown) == 0 {
		return nil
	}
	return &ingest.Fault{
		Reason: ReasonUnknownInfo, Count: len(unknown),
		Detail: fmt.Sprintf("information of type %.40q is not known", slices.Min(unknown)),
	}
}
