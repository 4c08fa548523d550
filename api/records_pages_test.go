package api_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"testing"
)

// A file is looked at first, then taken in, without JavaScript; the same once more changes nothing.
func TestRecordsPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	check := func(list, text, lang string) answer {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		for name, value := range map[string]string{"list": list, "who": "Li Na", "do": "check", "source": "erp-1"} {
			_ = w.WriteField(name, value)
		}
		file, err := w.CreateFormFile("file", "prices.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write([]byte(text))
		_ = w.Close()
		return r.do(t, http.MethodPost, "/parts/import?lang="+lang, form.String(), "Content-Type", w.FormDataContentType())
	}
	reads(t, r.get(t, "/parts?lang=en").body, `href="/parts/import"`)
	reads(t, r.get(t, "/parts/import?lang=zh").body, "导入与导出", "检查文件", "/parts/import/stock.xlsx")
	const file = "part,price\n" + pads + ",1.25\n"
	looked := check("prices", file, "en")
	want(t, looked, http.StatusOK)
	reads(t, looked.body, "This would change", pads, "<b>1.25</b>", "line 2", "Take all of it in", "prices.csv")
	form := url.Values{}
	for _, field := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`).FindAllStringSubmatch(looked.body, -1) {
		if form.Get(field[1]) == "" {
			form.Set(field[1], field[2])
		}
	}
	taken := r.post(t, "/parts/import?lang=en", form)
	want(t, taken, http.StatusOK)
	reads(t, taken.body, "It was taken in", "<b>1.25</b>")
	reads(t, r.get(t, "/parts/import/prices.csv").body, pads+",,1.25,CNY,,")
	again := check("prices", file, "zh")
	reads(t, again.body, "文件与现有记录一致")
	bad := check("prices", "part,price\nnone,x\n", "en")
	want(t, bad, http.StatusUnprocessableEntity)
	reads(t, bad.body, "The file has faults", "line 2, column 1 (part)", "line 2, column 2 (price)")
	want(t, r.post(t, "/parts/import", url.Values{"list": {"prices"}, "who": {"Li Na"}, "text": {"%"}}), http.StatusUnprocessableEntity)
	want(t, check("wheels", file, "en"), http.StatusUnprocessableEntity)
}
