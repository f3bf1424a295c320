/** What a browser shows: a line to type, and what was said. */
export const page = `<!doctype html>
<meta charset="utf-8">
<title>fakechat</title>
<pre id="said"></pre>
<form><input name="text" autofocus autocomplete="off"></form>
<script>
  const socket = new WebSocket('ws://' + location.host + '/ws')
  const said = document.getElementById('said')
  const show = (who, text) => { said.textContent += who + ': ' + text + '\\n' }
  socket.onmessage = ({ data }) => { const { from, text } = JSON.parse(data); show(from, text) }
  document.forms[0].onsubmit = (event) => {
    event.preventDefault()
    const { text } = event.target.elements
    socket.send(JSON.stringify({ id: String(Date.now()), text: text.value }))
    show('you', text.value)
    text.value = ''
  }
</script>
`
