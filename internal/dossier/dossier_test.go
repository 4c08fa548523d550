package dossier_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/dossier"
)

// A person who opens the files finds their words, and no cell runs as a formula.
func TestWrite(t *testing.T) {
	t.Parallel()
	data := presage.PersonalData{
		CustomerID: "c1", At: time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC),
		Tables: []presage.PersonalTable{{
			Name: "replies", Columns: []string{"id", "body", "at", "more"},
			Rows: []json.RawMessage{[]byte(`{"id":12345678901234567,"body":"=1+1","at":null,"more":{"slot":2}}`)},
		}},
	}
	var file bytes.Buffer
	err := dossier.Write(&file, data, func(w io.Writer) error {
		_, err := io.WriteString(w, "vehicle,vin=X speed=1 1\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[f.Name] = string(text)
	}
	if want := "id,body,at,more\n12345678901234567,'=1+1,,\"{\"\"slot\"\":2}\"\n"; got["replies.csv"] != want {
		t.Errorf("replies.csv is %q, want %q", got["replies.csv"], want)
	}
	if got["telemetry.lp"] != "vehicle,vin=X speed=1 1\n" || !strings.Contains(got["README.txt"], "客户 c1") {
		t.Errorf("%q, %q", got["telemetry.lp"], got["README.txt"])
	}
	var back presage.PersonalData
	if err := json.Unmarshal([]byte(got["data.json"]), &back); err != nil || back.CustomerID != "c1" {
		t.Errorf("data.json: %v, %v", back, err)
	}
	broken := errors.New("disk full")
	if err := dossier.Write(io.Discard, data, func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v, want the store's error", err)
	}
}
