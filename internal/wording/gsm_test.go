package wording_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"presage/internal/wording"
)

// Written by hand; GSM-7 is the table of 3GPP TS 23.038, section 6.2.1.
func TestForSMS(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"GSM-7 as it is":                  {"Café Müller, 5 € & Ørsted: à, ñ, ß, Ç", "Café Müller, 5 € & Ørsted: à, ñ, ß, Ç"},
		"accents it lacks":                {"Forêt François Dvořák Škoda Citroën", "Foret Francois Dvorak Skoda Citroen"},
		"accents typed as marks":          {"Cafe\u0301 Fore\u0302t", "Café Foret"},
		"letters that do not come apart":  {"Łódź, Đorđe, œuvre, Þór, Işık", "Lodz, Dorde, oeuvre, Thor, Isik"},
		"quotes, dashes and three points": {"“Anna’s” «car» – soon—or now…", `"Anna's" "car" - soon-or now...`},
		"spaces of typography":            {"CNY\u00a0698, 60\u202fmin\u2009now", "CNY 698, 60 min now"},
		"what nobody sees":                {"soft\u00adhy\u200bphen\ufeff", "softhyphen"},
		"signs":                           {"−7 °C, 3×5, ½ l, №7, ™", "-7 degC, 3x5, 1/2 l, No7, TM"},
		"full width":                      {"ＡＢ１２：ｏｋ", "AB12:ok"},
		"a Chinese name":                  {"Your car – 小鹏 P7", "Your car – 小鹏 P7"},
		"a Cyrillic name":                 {"Иван – your car", "Иван – your car"},
		"an emoji":                        {"See you – 🚗", "See you – 🚗"},
		"empty":                           {"", ""},
	} {
		if got := wording.ForSMS(tc.text); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// A single ê makes 300 characters five parts of 67; without it they are two of 153.
func TestOneAccentDoesNotCostMore(t *testing.T) {
	t.Parallel()
	text := "ê" + strings.Repeat("a", 299)
	if enc, n := wording.Segments(text); enc != wording.UCS2 || n != 5 {
		t.Errorf("as it is: %s, %d", enc, n)
	}
	if enc, n := wording.Segments(wording.ForSMS(text)); enc != wording.GSM7 || n != 2 {
		t.Errorf("for SMS: %s, %d", enc, n)
	}
}

// It leaves nothing to change a second time, and either all of a text or nothing becomes GSM-7.
func TestForSMSIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		got := wording.ForSMS(text)
		if again := wording.ForSMS(got); again != got {
			t.Fatalf("%q, then %q", got, again)
		}
		if enc, _ := wording.Segments(got); enc == wording.UCS2 && got != text {
			t.Fatalf("%q was changed to %q and needs UCS-2 all the same", text, got)
		}
	})
}
