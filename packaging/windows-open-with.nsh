; "Open with" for text files on Windows: SocketScope is offered beside the default program and never replaces it.
; (A file association would replace it: its installer writes the type's default.)

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\SocketScope.exe" "FriendlyAppName" "SocketScope"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\SocketScope.exe\shell\open\command" "" '"$INSTDIR\SocketScope.exe" "%1"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\SocketScope.exe\SupportedTypes" ".txt" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\SocketScope.exe\SupportedTypes" ".socketscope" ""
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Applications\SocketScope.exe"
!macroend
