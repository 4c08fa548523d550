package gbt32960

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"presage/ingest/gbt32960/frame"
	"presage/ingest/internal/scan"
)

const (
	// maxGroups bounds a list whose number is one byte in a frame: of pieces of
	// information, motors, subsystems, fault codes (0 to 252, tables 17 and 23).
	maxGroups = 252
	// codeBytes is the size of a fault code, whose list is such a one.
	codeBytes = 4
)

// members are those of a JSON object, by key.
type members map[string]json.RawMessage

// jsonSource reads one piece of information of EMQX's JSON. What is not a register
// is left out and counted in o, and so is what is beyond one frame's data unit.
type jsonSource struct {
	members members
	o       *output
}

func (s *jsonSource) newer(legacy string) bool {
	if key, ok := strings.CutPrefix(legacy, "+"); ok {
		return s.members[key] != nil
	}
	return s.members[legacy] == nil
}

// refuse notes a member that cannot be read.
func (s *jsonSource) refuse(key, wanted string) {
	if s.o.bad++; s.o.firstBad == "" {
		s.o.firstBad = fmt.Sprintf("%q: want %s", key, wanted)
	}
}

// fits takes what n bytes of a frame held from what the document may hold: EMQX
// makes it of one frame.
func (s *jsonSource) fits(key string, n int) bool {
	if n <= s.o.room {
		s.o.room -= n
		return true
	}
	if s.o.room >= 0 { // said once
		s.refuse(key, fmt.Sprintf("no more in one document than a frame holds, %d bytes", frame.MaxBytes))
	}
	s.o.room = -1
	return false
}

func (s *jsonSource) word(key string, size int) (uint32, bool) {
	if !s.fits(key, size) {
		return 0, false
	}
	raw, ok := s.members[key]
	if !ok || string(raw) == "null" {
		return 0, false
	}
	n, err := strconv.ParseUint(string(raw), 10, 8*size)
	if err != nil {
		s.refuse(key, fmt.Sprintf("a whole number of %d bits", 8*size))
		return 0, false
	}
	return uint32(n), true
}

// words reads a list of numbers, or of texts in hexadecimal as fault codes are.
func (s *jsonSource) words(key string, _, size int) []uint32 {
	most := maxGroups
	if size < codeBytes {
		most = max(0, s.o.room) / size
	}
	list := s.list(key, most)
	if !s.fits(key, len(list)*size) {
		return nil
	}
	out := make([]uint32, 0, len(list))
	for _, raw := range list {
		base := 10
		if bytes.HasPrefix(raw, []byte(`"`)) {
			raw, base = bytes.Trim(raw, `"`), 16
		}
		n, err := strconv.ParseUint(string(raw), base, 8*size)
		if err != nil {
			s.refuse(key, fmt.Sprintf("a list of whole numbers of %d bits", 8*size))
			return nil
		}
		out = append(out, uint32(n))
	}
	return out
}

func (s *jsonSource) each(key string, _ int, f func(source, int)) {
	for i, raw := range s.list(key, maxGroups) {
		var group members
		if err := json.Unmarshal(raw, &group); err != nil {
			s.refuse(key, "a list of objects")
			return
		}
		f(&jsonSource{members: group, o: s.o}, i)
	}
}

func (s *jsonSource) list(key string, most int) []json.RawMessage {
	list, wanted := elements(s.members[key], most)
	if wanted != "" {
		s.refuse(key, wanted)
	}
	return list
}

// elements are those of a JSON array, none of null or of nothing at all. It
// tells what is wanted if raw is not an array or has more than most: it stops
// there, for a small text may hold very many.
func elements(raw json.RawMessage, most int) (list []json.RawMessage, wanted string) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, ""
	}
	text := scan.Scanner{Buf: raw}
	if err := text.Open('['); err != nil {
		return nil, "a list"
	}
	for {
		more, err := text.Next(len(list) == 0, ']')
		switch {
		case err != nil:
			return nil, "a list"
		case !more:
			return list, ""
		case len(list) == most:
			return nil, fmt.Sprintf("a list of at most %d", most)
		}
		element, err := text.Skip()
		if err != nil {
			return nil, "a list"
		}
		list = append(list, element)
	}
}
