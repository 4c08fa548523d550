package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"
)

func TestPlainAccept(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"cz;0XTt&;,JA": "*/*", "text/csv;q": "*/*", "": "", "text/csv": "text/csv",
		"text/html,application/xhtml+xml,*/*;q=0.8": "text/html,application/xhtml+xml,*/*;q=0.8",
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodGet, "/", nil)
		c.Request.Header.Set("Accept", sent)
		plainAccept()(c)
		if got := c.GetHeader("Accept"); got != want {
			t.Errorf("%q became %q, want %q", sent, got, want)
		}
	}
}
