package gbt32960

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// members are those of a JSON object, by key.
type members map[string]json.RawMessage

// jsonSource reads one piece of information of EMQX's JSON. What is no register
// is left out and counted in o.
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

func (s *jsonSource) word(key string, size int) (uint32, bool) {
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
	list := s.list(key)
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
	for i, raw := range s.list(key) {
		var group members
		if err := json.Unmarshal(raw, &group); err != nil {
			s.refuse(key, "a list of objects")
			return
		}
		f(&jsonSource{members: group, o: s.o}, i)
	}
}

func (s *jsonSource) list(key string) []json.RawMessage {
	raw, ok := s.members[key]
	if !ok || string(raw) == "null" {
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		s.refuse(key, "a list")
		return nil
	}
	return list
}
