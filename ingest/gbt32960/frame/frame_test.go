package frame_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest/gbt32960/frame"
)

// samples reads the frames of open projects, see ../testdata/PROVENANCE.md.
func samples(tb testing.TB) map[string][]byte {
	tb.Helper()
	f, err := os.Open("../testdata/frames.txt")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	out := map[string][]byte{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		name, text, _ := strings.Cut(lines.Text(), " ")
		if out[name], err = hex.DecodeString(text); err != nil {
			tb.Fatal(name, err)
		}
	}
	return out
}

func TestParseAndAppend(t *testing.T) {
	t.Parallel()
	for name, raw := range samples(t) {
		f, err := frame.Parse(raw)
		if err != nil {
			t.Error(name, err)
			continue
		}
		if diff := cmp.Diff(raw, f.Append(nil)); diff != "" {
			t.Error(name, diff)
		}
	}
	f, err := frame.Parse(samples(t)["login_2025"])
	if err != nil || f.Version != frame.V2025 || f.Command != frame.Login || f.Flag != frame.IsCommand ||
		f.VIN != "HAUV4BGN6S5002219" || f.Encryption != frame.NoEncryption || len(f.Data) != 54 {
		t.Errorf("%+v %v", f, err)
	}
}

// rtm_con holds the answers that a platform gives to the logins of its samples.
func TestAnswer(t *testing.T) {
	t.Parallel()
	all := samples(t)
	for _, edition := range []string{"2016", "2025"} {
		login, err := frame.Parse(all["login_"+edition])
		if err != nil {
			t.Fatal(err)
		}
		now := frame.Clock(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
		if diff := cmp.Diff(all["login_answer_"+edition], login.Answer(frame.OK, now).Append(nil)); diff != "" {
			t.Error(edition, diff)
		}
		beat := frame.Frame{Version: login.Version, Command: frame.Heartbeat, VIN: login.VIN, Encryption: 1}
		// 00:00 in London is 08:00 in Beijing.
		if got := beat.Answer(frame.OK, now); !bytes.Equal(got.Data, []byte{30, 1, 1, 8, 0, 0}) {
			t.Errorf("heartbeat: % x", got.Data)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	good := samples(t)["logout_2016"]
	change := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	for name, tt := range map[string]struct {
		raw  []byte
		says string
	}{
		"empty":            {nil, "0 bytes"},
		"start mark":       {change(0, '$'), "start mark"},
		"other mark":       {append([]byte("!!"), good[2:]...), "start mark"},
		"flag 0":           {change(3, 0), "response flag 0x00"},
		"flag 8":           {change(3, 8), "response flag 0x08"},
		"VIN":              {change(9, 0xC3), "VIN"},
		"encryption 0":     {change(21, 0), "encryption 0x00"},
		"encryption 6":     {change(21, 6), "encryption 0x06"},
		"too short":        {good[:len(good)-1], "length field says 33"},
		"too long":         {append(bytes.Clone(good), 0), "length field says 33"},
		"longer length":    {change(23, 9), "length field says 34"},
		"check byte":       {change(len(good)-1, 0), "check byte 0x00, want 0xC8"},
		"a bit of the VIN": {change(8, '5'), "check byte"},
	} {
		_, err := frame.Parse(tt.raw)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	got, err := frame.Time([]byte{0x19, 0x0a, 0x1b, 0x14, 0x02, 0x02})
	if want := time.Date(2025, 10, 27, 12, 2, 2, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Error(got, err)
	}
	if back := frame.Clock(got); back != [6]byte{0x19, 0x0a, 0x1b, 0x14, 0x02, 0x02} {
		t.Error(back)
	}
	for _, bad := range [][]byte{
		nil,
		{25, 1, 1, 1, 1},
		{0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE},
		{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
		{25, 0, 1, 0, 0, 0},
		{25, 13, 1, 0, 0, 0},
		{25, 2, 29, 0, 0, 0},
		{25, 1, 32, 0, 0, 0},
		{25, 1, 1, 24, 0, 0},
		{25, 1, 1, 0, 60, 0},
		{25, 1, 1, 0, 0, 60},
	} {
		if _, err := frame.Time(bad); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("% x: %v", bad, err)
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		frame.Realtime.String(): "realtime", frame.KeyExchange.String(): "key_exchange", frame.Command(0).String(): "other",
		frame.Command(0x80).String(): "other", frame.V2016.String(): "2016", frame.V2025.String(): "2025",
		frame.RSA.String(): "RSA", frame.AES.String(): "AES", frame.SM2.String(): "SM2", frame.SM4.String(): "SM4",
		frame.InvalidEncryption.String(): "0xFF", frame.NoEncryption.String(): "none",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	long := frame.Frame{Version: frame.V2016, VIN: "short", Encryption: 1, Flag: frame.OK, Data: make([]byte, 70000)}
	if got := len(long.Append(nil)); got != frame.MaxBytes {
		t.Errorf("%d bytes", got)
	}
}
