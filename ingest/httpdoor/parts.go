package httpdoor

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/influxdata/line-protocol/v2/lineprotocol"

	"presage"
	"presage/ingest"
)

// part is one native document of one vehicle.
type part struct {
	vin      presage.VIN
	document []byte
}

// parts are what a body holds.
type parts struct {
	list     []part
	refusals refusals
	refused  *answer // of all of it
}

// load is a body with what is known of it.
type load struct {
	from    sender
	body    []byte
	arrival time.Time

	vin       presage.VIN // for what names none; "" when nobody says
	precision lineprotocol.Precision
}

// reading chooses how to read the request, by its content type and query.
func reading(r *http.Request) (func(*load) parts, *answer) {
	read, refused := reader(r.Header.Get("Content-Type"))
	if refused != nil {
		return nil, refused
	}
	query := r.URL.Query()
	for name := range query {
		if name != "vin" && name != "precision" {
			return nil, unprocessable(fmt.Sprintf("query %.40q: want vin or precision", name))
		}
	}
	precision, known := precisions()[query.Get("precision")]
	if !known {
		return nil, unprocessable(fmt.Sprintf("precision %.20q: want ns, us, ms or s", query.Get("precision")))
	}
	return func(l *load) parts {
		l.precision = precision
		if refused := l.about(query.Get("vin")); refused != nil {
			return parts{refused: refused}
		}
		return read(l)
	}, nil
}

// reader chooses how to read a body of a content type.
func reader(named string) (func(*load) parts, *answer) {
	const want = "want application/json, application/x-ndjson, or text/plain for line protocol"
	kind, params, err := mime.ParseMediaType(named)
	if err != nil {
		return nil, unsupported(fmt.Sprintf("Content-Type %.60q: %s", named, want))
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, unsupported(fmt.Sprintf("charset %.40q: want UTF-8", charset))
	}
	switch kind {
	case "application/json":
		return (*load).json, nil
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return (*load).lines, nil
	case "text/plain":
		return (*load).points, nil
	}
	return nil, unsupported(fmt.Sprintf("Content-Type %.60q: %s", kind, want))
}

// about notes whose the load is where it does not say so itself.
func (l *load) about(asked string) *answer {
	if l.vin = l.from.vin; asked == "" {
		return nil
	}
	vin, err := presage.ParseVIN(asked)
	if err != nil {
		return unprocessable("vin: " + err.Error())
	}
	if !l.from.speaksFor(vin) {
		return forbidden("vin: a vehicle may send its own data only")
	}
	l.vin = vin
	return nil
}

func (s sender) speaksFor(vin presage.VIN) bool { return s.vin == "" || s.vin == vin }

// vehicle is whose text is, by its own VIN or by what is known of the load;
// reason is "" when there is one.
func (l *load) vehicle(own string) (vin presage.VIN, reason, detail string) {
	if own == "" {
		if l.vin == "" {
			return "", ingest.ReasonWrongVIN, `no "vin" in it: name the vehicle there or by ?vin=`
		}
		return l.vin, "", ""
	}
	vin, err := presage.ParseVIN(own)
	switch {
	case err != nil:
		return "", ingest.ReasonWrongVIN, err.Error()
	case !l.from.speaksFor(vin):
		return "", ingest.ReasonForeignVIN, "a vehicle may send its own data only"
	}
	return vin, "", ""
}

// vinOf finds the VIN in a text that is not JSON.
func vinOf(text []byte) string {
	if found := vinMember.FindSubmatch(text); found != nil {
		return string(found[1])
	}
	return ""
}

var vinMember = regexp.MustCompile(`"vin"\s*:\s*"([^"\\]{1,64})"`)

// partBytes bounds a document that is put together of samples: well below the
// largest payload, and enough to make messages few.
const partBytes = 256 << 10

// gathering puts samples together, document by document, those of one vehicle
// in their order.
type gathering struct {
	open  map[presage.VIN]*bytes.Buffer
	order []presage.VIN // as they came
	done  []part
}

func (g *gathering) add(vin presage.VIN, sample []byte) {
	doc := g.open[vin]
	if doc != nil && doc.Len()+len(sample) > partBytes {
		g.close(vin, doc)
		doc = nil
	}
	if doc == nil {
		if g.open == nil {
			g.open = map[presage.VIN]*bytes.Buffer{}
		}
		doc = bytes.NewBufferString(`{"samples":[`)
		g.open[vin] = doc
		g.order = append(g.order, vin)
	} else {
		doc.WriteByte(',')
	}
	doc.Write(sample)
}

// alone takes a document as it is, after what came before it.
func (g *gathering) alone(vin presage.VIN, document []byte) {
	if doc := g.open[vin]; doc != nil {
		g.close(vin, doc)
	}
	g.done = append(g.done, part{vin, document})
}

func (g *gathering) close(vin presage.VIN, doc *bytes.Buffer) {
	doc.WriteString("]}")
	g.done = append(g.done, part{vin, doc.Bytes()})
	delete(g.open, vin)
}

func (g *gathering) parts() []part {
	for _, vin := range g.order {
		if doc := g.open[vin]; doc != nil {
			g.close(vin, doc)
		}
	}
	return g.done
}
