package presage_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"presage"
)

// 1M8GDM9AXKP042788 is the worked example of the check digit on Wikipedia's page
// on the VIN (after 49 CFR 565.15); seventeen ones are its other example.
func TestParseVIN(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   string
		want presage.VIN
		ok   bool
	}{
		"worked example":                {"1M8GDM9AXKP042788", "1M8GDM9AXKP042788", true},
		"small letters and spaces":      {" 1m8gdm9axkp042788\n", "1M8GDM9AXKP042788", true},
		"ones alone":                    {"11111111111111111", "11111111111111111", true},
		"wrong check digit":             {"1M8GDM9A1KP042788", "", false},
		"digits swapped":                {"1M8GDM9AXKP042878", "", false},
		"Europe uses position 9 freely": {"WVWZZZ1KZAW000001", "WVWZZZ1KZAW000001", true},
		"China must hold it":            {"LVWZZZ1KZAW000001", "", false},
		"too short":                     {"1M8GDM9AXKP04278", "", false},
		"too long":                      {"1M8GDM9AXKP0427888", "", false},
		"letter O":                      {"WVWZZZ1KZAWO00001", "", false},
		"letter I":                      {"WVWZZZ1KZAWI00001", "", false},
		"letter Q":                      {"WVWZZZ1KZAWQ00001", "", false},
		"wildcard":                      {"WVWZZZ1KZAW+00001", "", false},
		"empty":                         {"", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := presage.ParseVIN(tt.in)
			if got != tt.want || (err == nil) != tt.ok {
				t.Fatalf("%q, %v", got, err)
			}
			if err != nil && (!errors.Is(err, presage.ErrInvalid) || len(tt.in) > 0 && strings.Contains(err.Error(), tt.in)) {
				t.Errorf("error %v: want an ErrInvalid that does not repeat the VIN", err)
			}
		})
	}
}

// By hand: transliterate, weigh, sum, take the remainder of 11.
func TestVINCheckDigit(t *testing.T) {
	t.Parallel()
	for vin, want := range map[string]byte{
		"1M8GDM9A_KP042788": 'X', // sum 351 = 31*11+10
		"11111111_11111111": '1', // sum 89 = 8*11+1
		"00000000_00000000": '0', // sum 0
		"10000000_00000000": '8', // weight 8
		"1M8GDM9A_KP04278":  '?', // 16 characters
		"1M8GDM9A_KO042788": '?', // O
	} {
		if got := presage.VINCheckDigit(vin); got != want {
			t.Errorf("%s: %c, want %c", vin, got, want)
		}
	}
}

func TestVINIsMaskedInLogs(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("seen", "vin", presage.VIN("1M8GDM9AXKP042788"))
	if got := out.String(); strings.Contains(got, "1M8GDM9AXKP042788") || !strings.Contains(got, "1M8**********2788") {
		t.Error(got)
	}
	if got := presage.VIN("short").Masked(); got != "***" {
		t.Error(got)
	}
}

func FuzzParseVIN(f *testing.F) {
	for _, seed := range []string{"1M8GDM9AXKP042788", "WVWZZZ1KZAW000001", "", "ıııııııııııııııııı", "LSVAA4182E2184847"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		vin, err := presage.ParseVIN(in)
		if err != nil {
			return
		}
		again, err := presage.ParseVIN(string(vin))
		if len(vin) != 17 || err != nil || again != vin {
			t.Errorf("%q gave %q, then %q (%v)", in, vin, again, err)
		}
		if c := vin[0]; (c >= '1' && c <= '5' || c == 'L') && presage.VINCheckDigit(string(vin)) != vin[8] {
			t.Errorf("%q has a wrong check digit", vin)
		}
	})
}
