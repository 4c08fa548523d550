package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/webhook"
)

func kinds() []string { return []string{"offer", "reminder"} }

// gatewayAnswer is what a fake gateway answers, and what it was asked.
type gatewayAnswer struct {
	status int
	body   string
	lost   bool
	asked  []*http.Request
	bodies []string
}

func (g *gatewayAnswer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	g.asked, g.bodies = append(g.asked, r), append(g.bodies, string(raw))
	if g.lost {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(g.status)
	_, _ = io.WriteString(w, g.body)
}

// gatewayChannel sends to a fake gateway by a file at a fixed time with a fixed nonce.
func gatewayChannel(t *testing.T, fake *gatewayAnswer, file []byte, at time.Time) (*webhook.Channel, string) {
	t.Helper()
	g, err := webhook.ParseGateway(file, kinds())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	c, err := webhook.New(webhook.Config{
		Channel: presage.ChannelSMS, URL: server.URL + "/", Gateway: g, Timeout: 5 * time.Second,
		Account: webhook.Account{ID: "testid", Secret: "testsecret"},
		Nonce:   func() string { return "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf" },
		MakeOf:  func(context.Context, presage.VIN) (string, error) { return "Norvik", nil },
	}, phones{}, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	return c, server.URL
}

func example(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../docs/gateways/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func chinese() (presage.Message, presage.Customer) {
	return presage.Message{
		ID: "m1", VIN: "LPSAAAAA1AA000001", Kind: "offer", Lang: presage.Chinese, Body: "您的前制动片已磨损87%",
		Link: "https://s.example/b/a~b+c",
	}, presage.Customer{ID: "k1", Name: `王"五 &`, Phone: "+8613800000007"}
}

// The request, key and signature that Aliyun's documentation publishes for
// DescribeRegions (help.aliyun.com/en/document_detail/130769.html, "Signature mechanism").
func TestAliyunsPublishedSignature(t *testing.T) {
	t.Parallel()
	fake := &gatewayAnswer{status: 200}
	c, _ := gatewayChannel(t, fake, []byte(`
method: GET
params: {TimeStamp: '{{.time.Format "2006-01-02T15:04:05Z"}}', Format: XML, AccessKeyId: '{{.key_id}}', Action: DescribeRegions,
  SignatureMethod: HMAC-SHA1, SignatureNonce: '{{.nonce}}', Version: '2014-05-26', SignatureVersion: '1.0'}
values: [{signature: '{{base64 (hmac_sha1 (print .key_secret "&") (print "GET&%2F&" (percent .params)))}}'}]
signed: {Signature: '{{.signature}}'}
`), time.Date(2016, 2, 23, 12, 46, 24, 0, time.UTC))
	m, to := chinese()
	if id, err := c.Send(t.Context(), m, to); err != nil || id != "m1" {
		t.Fatalf("%q, %v", id, err)
	}
	if got := fake.asked[0].URL.Query().Get("Signature"); got != "CT9X0VtwR86fNWSnsc6v8YGOjuE=" {
		t.Errorf("signature %s of %s", got, fake.asked[0].URL.RawQuery)
	}
}

// The request, key and signature that Tencent Cloud's documentation published for
// DescribeInstances (github.com/tencentyun/qcloud-documents, "Signature v3": string to
// sign ending in 5ffe6a04...).
func TestTencentsPublishedSignature(t *testing.T) {
	t.Parallel()
	fake := &gatewayAnswer{status: 200}
	c, _ := gatewayChannel(t, fake, []byte(`
body: '{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
values:
  - date: '{{.time.Format "2006-01-02"}}'
  - request: "POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:cvm.tencentcloudapi.com\n\n\
      content-type;host\n{{hex (sha256 .body)}}"
  - to_sign: "TC3-HMAC-SHA256\n{{.unix}}\n{{.date}}/cvm/tc3_request\n{{hex (sha256 .request)}}"
  - key: '{{hmac_sha256 (hmac_sha256 (hmac_sha256 "TC3Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" .date) "cvm") "tc3_request"}}'
headers: {X-Hash: '{{hex (sha256 .request)}}', X-Signature: '{{hex (hmac_sha256 .key .to_sign)}}'}
`), time.Unix(1551113065, 0))
	m, to := chinese()
	if _, err := c.Send(t.Context(), m, to); err != nil {
		t.Fatal(err)
	}
	h := fake.asked[0].Header
	if h.Get("X-Hash") != "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031" ||
		h.Get("X-Signature") != "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168" {
		t.Errorf("hash %s, signature %s", h.Get("X-Hash"), h.Get("X-Signature"))
	}
}

func mac256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// The documented file reaches a gateway that checks signatures as Aliyun does: it
// signs the parameters that arrived anew.
func TestAliyunLikeGateway(t *testing.T) {
	t.Parallel()
	fake := &gatewayAnswer{status: 200, body: `{"Code":"OK","BizId":"900619746936498440^0"}`}
	c, _ := gatewayChannel(t, fake, example(t, "aliyun.yaml"), now())
	m, to := chinese()
	if id, err := c.Send(t.Context(), m, to); err != nil || id != "900619746936498440^0" {
		t.Fatalf("%q, %v", id, err)
	}
	form, err := url.ParseQuery(fake.bodies[0])
	if err != nil {
		t.Fatal(err)
	}
	signature := form.Get("Signature")
	form.Del("Signature")
	plain := strings.ReplaceAll(form.Encode(), "+", "%20")
	mac := hmac.New(sha1.New, []byte("testsecret&"))
	mac.Write([]byte("POST&%2F&" + strings.ReplaceAll(url.QueryEscape(plain), "+", "%20")))
	if want := base64.StdEncoding.EncodeToString(mac.Sum(nil)); signature != want {
		t.Errorf("signature %s, want %s", signature, want)
	}
	var vars map[string]string
	if err := json.Unmarshal([]byte(form.Get("TemplateParam")), &vars); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"name": `王"五 &`, "code": "a~b+c"}
	if diff := cmp.Diff(want, vars); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	got := []string{form.Get("PhoneNumbers"), form.Get("TemplateCode"), form.Get("SignName"), form.Get("OutId")}
	if diff := cmp.Diff([]string{"13800000007", "SMS_100003", "诺维克", "m1"}, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}

// The documented file reaches a gateway that checks signatures as Tencent Cloud does.
func TestTencentLikeGateway(t *testing.T) {
	t.Parallel()
	fake := &gatewayAnswer{status: 200, body: `{"Response":{"SendStatusSet":[{"SerialNo":"5000:1","Code":"Ok"}],"RequestId":"r"}}`}
	c, server := gatewayChannel(t, fake, example(t, "tencent.yaml"), now())
	m, to := chinese()
	m.Kind, m.Lang = "personal", presage.English
	if id, err := c.Send(t.Context(), m, to); err != nil || id != "5000:1" {
		t.Fatalf("%q, %v", id, err)
	}
	r, body := fake.asked[0], sha256.Sum256([]byte(fake.bodies[0]))
	request := "POST\n/\n\ncontent-type:" + r.Header.Get("Content-Type") + "\nhost:" + strings.TrimPrefix(server, "http://") +
		"\nx-tc-action:" + strings.ToLower(r.Header.Get("X-Tc-Action")) + "\n\ncontent-type;host;x-tc-action\n" + hex.EncodeToString(body[:])
	hash := sha256.Sum256([]byte(request))
	day := now().Format("2006-01-02")
	toSign := "TC3-HMAC-SHA256\n" + r.Header.Get("X-Tc-Timestamp") + "\n" + day + "/sms/tc3_request\n" + hex.EncodeToString(hash[:])
	key := mac256(mac256(mac256([]byte("TC3testsecret"), day), "sms"), "tc3_request")
	want := "TC3-HMAC-SHA256 Credential=testid/" + day + "/sms/tc3_request, SignedHeaders=content-type;host;x-tc-action, Signature=" +
		hex.EncodeToString(mac256(key, toSign))
	if got := r.Header.Get("Authorization"); got != want {
		t.Errorf("authorization\n%s, want\n%s", got, want)
	}
	var sent struct {
		PhoneNumberSet, TemplateParamSet []string
		TemplateId, SignName             string
	}
	if err := json.Unmarshal([]byte(fake.bodies[0]), &sent); err != nil {
		t.Fatal(err)
	}
	if len(sent.PhoneNumberSet) != 1 || sent.PhoneNumberSet[0] != "+8613800000007" || sent.TemplateId != "1000002" ||
		sent.SignName != "诺维克" || len(sent.TemplateParamSet) != 2 || sent.TemplateParamSet[1] != "a~b+c" {
		t.Errorf("sent %+v", sent)
	}
}

func TestGatewayAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   []error
		not    error
	}{
		"refused number":      {200, `{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}`, []error{presage.ErrInvalid}, contact.ErrAccount},
		"too many to one":     {200, `{"Code":"isv.BUSINESS_LIMIT_CONTROL"}`, []error{presage.ErrUnavailable}, nil},
		"a prefix":            {200, `{"Code":"isp.RAM_PERMISSION"}`, []error{presage.ErrUnavailable}, nil},
		"our account":         {400, `{"Code":"SignatureDoesNotMatch"}`, []error{contact.ErrAccount}, presage.ErrInvalid},
		"unknown code":        {200, `{"Code":"isv.NEW"}`, []error{contact.ErrAccount, presage.ErrInvalid}, nil},
		"unknown code, 400":   {400, `{"Code":"isv.NEW"}`, []error{contact.ErrAccount, presage.ErrInvalid}, nil},
		"down, with a code":   {503, `{"Code":"isv.NEW"}`, []error{presage.ErrUnavailable}, nil},
		"no code":             {200, `<html>`, []error{presage.ErrUnavailable}, nil},
		"not there, no code":  {404, ``, []error{contact.ErrAccount}, presage.ErrInvalid},
		"too many, no code":   {429, ``, []error{presage.ErrUnavailable}, nil},
		"accepted in a fault": {500, `{"Code":"OK"}`, nil, nil},
	} {
		c, _ := gatewayChannel(t, &gatewayAnswer{status: tc.status, body: tc.body}, example(t, "aliyun.yaml"), now())
		m, to := chinese()
		_, err := c.Send(t.Context(), m, to)
		if len(tc.want) == 0 && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range tc.want {
			if !errors.Is(err, want) || tc.not != nil && errors.Is(err, tc.not) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
		if err != nil && (strings.Contains(err.Error(), "138") || strings.Contains(err.Error(), "testsecret")) {
			t.Errorf("%s: the error says too much: %v", name, err)
		}
	}
	c, _ := gatewayChannel(t, &gatewayAnswer{lost: true}, example(t, "aliyun.yaml"), now())
	m, to := chinese()
	if _, err := c.Send(t.Context(), m, to); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("a lost answer: %v", err)
	}
}

// Every fault of a file is named at once, by its line.
func TestGatewayFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		file string
		want []string
	}{
		"several": {
			"method: PUT\nhedaers: {}\njson: {a: '{{.id'}\nbody: '{{fancy .id}}'\nsigned: {S: x}\n" +
				"templates: {ofer: {zh: '1'}}\nsign_names: {norvik: x}\nanswer: {code: [Code]}\n",
			[]string{
				"line 2: field hedaers", "line 3: the text", "line 4: the text", "method:", "one of params, json and body", "signed:",
				"templates.default:", "templates.ofer: want default or a kind: offer, reminder", "templates.ofer: want the IDs",
				"sign_names.default:", "answer:",
			},
		},
		"unknown value":  {"json: {a: 1,\n  b: ['{{.phnoe}}']}\n", []string{"line 2: a value of the text is not known", "phone"}},
		"before its day": {"body: x\nvalues: [{a: '{{.b}}'}, {b: c}]\n", []string{"line 2"}},
		"no YAML":        {"a: [", []string{"line 1"}},
		"empty":          {"", []string{"EOF"}},
	} {
		_, err := webhook.ParseGateway([]byte(tc.file), kinds())
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range tc.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: lacks %q:\n%v", name, want, err)
			}
		}
	}
}
