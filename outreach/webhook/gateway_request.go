package webhook

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"presage"
)

// Account signs requests to a gateway.
type Account struct {
	ID     string
	Secret presage.Secret
}

// dispatch is one message on its way to a gateway.
type dispatch struct {
	url     string
	account Account
	m       presage.Message
	to      presage.Customer
	make    string // of the car, "" for none
	nonce   string // another for each request
	at      time.Time
}

// values are what texts may name.
func (g *Gateway) values(d dispatch) (map[string]any, error) {
	u, err := url.Parse(d.url)
	if err != nil {
		return nil, fmt.Errorf("the address cannot be read: %w", presage.ErrInvalid)
	}
	link := strings.TrimRight(d.m.Link, "/")
	return map[string]any{
		"id": d.m.ID, "kind": d.m.Kind, "lang": string(d.m.Lang), "title": d.m.Title, "text": d.m.Body,
		"link": d.m.Link, "link_code": link[strings.LastIndexByte(link, '/')+1:], "name": d.to.Name,
		"phone": string(d.to.Phone), "national": national(d.to.Phone),
		"template": g.template(d.m), "sign": cmp.Or(g.SignNames[strings.ToLower(d.make)], g.SignNames[fallback]),
		"time": d.at.UTC(), "unix": strconv.FormatInt(d.at.Unix(), 10), "nonce": d.nonce, "host": u.Host,
		"key_id": d.account.ID, "key_secret": d.account.Secret.Reveal(),
	}, nil
}

// template is the gateway's ID of a message's text, "" for none.
func (g *Gateway) template(m presage.Message) string {
	ids, ok := g.Templates[m.Kind]
	if !ok {
		ids = g.Templates[fallback]
	}
	if m.Lang == presage.Chinese {
		return ids.ZH
	}
	return ids.EN
}

// national is a number without its country's code, as it was when that is unknown.
func national(p presage.Phone) string {
	n, err := phonenumbers.Parse(string(p), "")
	if err != nil {
		return string(p)
	}
	return phonenumbers.GetNationalSignificantNumber(n)
}

// request is the signed request of a message.
func (g *Gateway) request(ctx context.Context, d dispatch) (*http.Request, error) {
	values, err := g.values(d)
	if err != nil {
		return nil, err
	}
	params, err := fillAll(g.Params, values)
	if err != nil {
		return nil, err
	}
	values["params"] = query(params)
	body, kind, err := g.body(values)
	if err != nil {
		return nil, err
	}
	values["body"] = body
	for _, step := range g.Values {
		more, err := fillAll(step, values)
		if err != nil {
			return nil, err
		}
		for name, value := range more {
			values[name] = value
		}
	}
	signed, err := fillAll(g.Signed, values)
	if err != nil {
		return nil, err
	}
	maps.Copy(params, signed)
	headers, err := fillAll(g.Headers, values)
	if err != nil {
		return nil, err
	}
	return g.build(ctx, d.url, built{body: body, kind: kind, params: params, headers: headers})
}

// body is a request's body, and what it is; "" for parameters.
func (g *Gateway) body(values map[string]any) (body, kind string, err error) {
	switch {
	case g.JSON != nil:
		filled, err := g.JSON.fill(values)
		if err != nil {
			return "", "", err
		}
		raw, err := json.Marshal(filled)
		return string(raw), "application/json; charset=utf-8", err
	case g.Body != nil:
		body, err = g.Body.fill(values)
		return body, "text/plain; charset=utf-8", err
	}
	return "", "application/x-www-form-urlencoded", nil
}

type built struct {
	body, kind      string
	params, headers map[string]string
}

func (g *Gateway) build(ctx context.Context, address string, b built) (*http.Request, error) {
	if len(b.params) > 0 && g.Method == http.MethodGet {
		address += "?" + query(b.params)
	} else if len(b.params) > 0 {
		b.body = query(b.params)
	}
	var body io.Reader
	if g.Method != http.MethodGet {
		body = strings.NewReader(b.body)
	}
	req, err := http.NewRequestWithContext(ctx, g.Method, address, body)
	if err != nil {
		return nil, fmt.Errorf("the address cannot be used: %w", presage.ErrInvalid)
	}
	if body != nil {
		req.Header.Set("Content-Type", b.kind)
	}
	for name, value := range b.headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

func fillAll(texts map[string]text, values map[string]any) (map[string]string, error) {
	out := make(map[string]string, len(texts))
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		x := texts[name]
		filled, err := x.fill(values)
		if err != nil {
			return nil, err
		}
		out[name] = filled
	}
	return out, nil
}

// try writes a request of a made-up message, so that a value that nobody knows is
// found at the start.
func (g *Gateway) try() []error {
	_, err := g.request(context.Background(), dispatch{
		url: "https://gateway.example/", account: Account{ID: "id", Secret: "secret"}, nonce: "1", at: time.Unix(0, 0),
		m:  presage.Message{ID: "m", Kind: "offer", Lang: presage.Chinese, Body: "text", Link: "https://s.example/b/x"},
		to: presage.Customer{Name: "name", Phone: "+8613800000007"},
	})
	if err != nil {
		return []error{fmt.Errorf("%w: %w", presage.ErrInvalid, err)}
	}
	return nil
}
