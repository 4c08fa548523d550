// Package dossier packs what is kept about a customer into a ZIP file that a
// person can open without us: a note, one table a kind, and the whole as JSON.
package dossier

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"presage"
	"presage/internal/cell"
)

// note explains the files, in both languages.
const note = `Everything that is kept about customer %s, as of %s.

data.json        all of it, for programs
*.csv            one table a file, for people; instants are UTC
photos/*.jpg     what workshops photographed of the vehicles, if they did
telemetry.lp     what the vehicles of today reported, if it was asked for
                 (InfluxDB line protocol, one line an instant)

客户 %s 的全部个人数据，截至 %s。
data.json 为完整数据；各 CSV 文件为一张表，时间为世界协调时；
photos 文件夹为网点拍摄的车辆照片（如有）；
telemetry.lp 为车辆上报的数据（如已要求导出）。
`

// Write packs data; telemetry, if not nil, writes what the vehicles reported.
func Write(w io.Writer, data presage.PersonalData, telemetry func(io.Writer) error) error {
	z := zip.NewWriter(w)
	at := data.At.UTC().Format("2006-01-02 15:04 UTC")
	err := file(z, data, "README.txt", func(w io.Writer) error {
		_, err := fmt.Fprintf(w, note, data.CustomerID, at, data.CustomerID, at)
		return err
	})
	if err == nil {
		err = file(z, data, "data.json", func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			e.SetEscapeHTML(false)
			return e.Encode(named(data))
		})
	}
	for _, f := range data.Files {
		if err == nil {
			err = file(z, data, f.Name, func(w io.Writer) error {
				_, err := w.Write(f.Data)
				return err
			})
		}
	}
	for _, t := range data.Tables {
		if err == nil {
			err = file(z, data, t.Name+".csv", func(w io.Writer) error { return table(w, t) })
		}
	}
	if err == nil && telemetry != nil {
		err = file(z, data, "telemetry.lp", telemetry)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return fmt.Errorf("pack personal data: %w", err)
	}
	return nil
}

// named is data whose files are named alone: they lie beside it.
func named(data presage.PersonalData) presage.PersonalData {
	data.Files = slices.Clone(data.Files)
	for i := range data.Files {
		data.Files[i].Data = nil
	}
	return data
}

func file(z *zip.Writer, data presage.PersonalData, name string, write func(io.Writer) error) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: data.At})
	if err != nil {
		return err
	}
	return write(w)
}

func table(w io.Writer, t presage.PersonalTable) error {
	c := csv.NewWriter(w)
	if err := c.Write(t.Columns); err != nil {
		return err
	}
	for _, raw := range t.Rows {
		var row map[string]any
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.UseNumber()
		if err := d.Decode(&row); err != nil {
			return err
		}
		cells := make([]string, len(t.Columns))
		for i, name := range t.Columns {
			cells[i] = shown(row[name])
		}
		if err := c.Write(cells); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// shown is a value as a spreadsheet shows it.
func shown(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return cell.Text(x)
	case map[string]any, []any:
		text, _ := json.Marshal(x) // was JSON before
		return string(text)
	default:
		return fmt.Sprint(x)
	}
}
